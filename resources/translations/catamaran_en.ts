<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>ContextRows</name>
    <message numerus="yes">
        <source>%1 (%n day(s))</source>
        <translation>
            <numerusform>%1 (%n day)</numerusform>
            <numerusform>%1 (%n days)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HttpClient</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunReport</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
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
    <name>catamaran::ui::EnvironmentBar</name>
    <message numerus="yes">
        <source>%n cluster(s) replace what is kept in %1.</source>
        <translation>
            <numerusform>%n cluster replaces what is kept in %1.</numerusform>
            <numerusform>%n clusters replace what is kept in %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s) will be kept in %1.</source>
        <translation>
            <numerusform>%n cluster will be kept in %1.</numerusform>
            <numerusform>%n clusters will be kept in %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>catamaran::ui::EnvironmentPage</name>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n cluster</numerusform>
            <numerusform>%n clusters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>catamaran::ui::KubeconfigPage</name>
    <message numerus="yes">
        <source>add %n file(s)</source>
        <translation>
            <numerusform>add %n file</numerusform>
            <numerusform>add %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>take out %n file(s)</source>
        <translation>
            <numerusform>take out %n file</numerusform>
            <numerusform>take out %n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n context(s)</source>
        <translation>
            <numerusform>%n context</numerusform>
            <numerusform>%n contexts</numerusform>
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
