<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>catamaran::ui::DrillLibrary</name>
    <message numerus="yes">
        <source>%1 in %2 goes to %n replica(s)</source>
        <translation>
            <numerusform>%1 in %2 goes to %n replica</numerusform>
            <numerusform>%1 in %2 goes to %n replicas</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillTimeline</name>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>catamaran::ui::TopologyModel</name>
    <message numerus="yes">
        <source>%n control plane(s)</source>
        <translation>
            <numerusform>%n control plane</numerusform>
            <numerusform>%n control planes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n cluster</numerusform>
            <numerusform>%n clusters</numerusform>
        </translation>
    </message>
</context>
</TS>
