<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Drill</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Istio</name>
    <message numerus="yes">
        <source>no replica of %n is ready</source>
        <translation>
            <numerusform>no replica of %n is ready</numerusform>
            <numerusform>no replica of %n is ready</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pod(s)</source>
        <translation>
            <numerusform>%n pod</numerusform>
            <numerusform>%n pods</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Net</name>
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
    <name>ObservedFleet</name>
    <message numerus="yes">
        <source>%n control plane(s) of %1 found in the clusters</source>
        <translation>
            <numerusform>%n control plane of %1 found in the clusters</numerusform>
            <numerusform>%n control planes of %1 found in the clusters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message numerus="yes">
        <source>A container that was added to a pod cannot be removed from it. It does nothing but sleep, ends by itself %n second(s) after it began, and goes with the pod.</source>
        <translation>
            <numerusform>A container that was added to a pod cannot be removed from it. It does nothing but sleep, ends by itself %n second after it began, and goes with the pod.</numerusform>
            <numerusform>A container that was added to a pod cannot be removed from it. It does nothing but sleep, ends by itself %n seconds after it began, and goes with the pod.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Probe</name>
    <message numerus="yes">
        <source>%n more were due and could not be sent in time</source>
        <translation>
            <numerusform>%n more was due and could not be sent in time</numerusform>
            <numerusform>%n more were due and could not be sent in time</numerusform>
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
    <name>Truth</name>
    <message numerus="yes">
        <source>%1 of %n request(s) were answered from %2</source>
        <translation>
            <numerusform>%1 of %n request was answered from %2</numerusform>
            <numerusform>%1 of %n requests were answered from %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed%1</source>
        <translation>
            <numerusform>%n failed%1</numerusform>
            <numerusform>%n failed%1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answered by other clusters</source>
        <translation>
            <numerusform>%n answered by other clusters</numerusform>
            <numerusform>%n answered by other clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answered by nobody knows whom (%1)</source>
        <translation>
            <numerusform>%n answered by nobody knows whom (%1)</numerusform>
            <numerusform>%n answered by nobody knows whom (%1)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>silent loss: all %n request(s) succeeded, and none was answered from %1</source>
        <translation>
            <numerusform>silent loss: the %n request succeeded, and was not answered from %1</numerusform>
            <numerusform>silent loss: all %n requests succeeded, and none was answered from %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n direction(s) proven</source>
        <translation>
            <numerusform>%1 of %n direction proven</numerusform>
            <numerusform>%1 of %n directions proven</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stale</source>
        <translation>
            <numerusform>%n stale</numerusform>
            <numerusform>%n stale</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n configured only</source>
        <translation>
            <numerusform>%n configured only</numerusform>
            <numerusform>%n configured only</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unknown</source>
        <translation>
            <numerusform>%n unknown</numerusform>
            <numerusform>%n unknown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with a warning</source>
        <translation>
            <numerusform>%n with a warning</numerusform>
            <numerusform>%n with a warning</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message numerus="yes">
        <source>%n more from there</source>
        <translation>
            <numerusform>%n more from there</numerusform>
            <numerusform>%n more from there</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n day(s))</source>
        <translation>
            <numerusform>%1 (%n day)</numerusform>
            <numerusform>%1 (%n days)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DirectionNews</name>
    <message numerus="yes">
        <source>%n more in the matrix</source>
        <translation>
            <numerusform>%n more in the matrix</numerusform>
            <numerusform>%n more in the matrix</numerusform>
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
    <name>catamaran::ui::Inspector</name>
    <message numerus="yes">
        <source>%n more in the matrix</source>
        <translation>
            <numerusform>%n more in the matrix</numerusform>
            <numerusform>%n more in the matrix</numerusform>
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
    <name>catamaran::ui::StepModel</name>
    <message numerus="yes">
        <source>%n step(s) are done by hand: Catamaran does not do them yet, and begins nothing of a plan that holds one. Each shows its command. Do them, then look again.</source>
        <translation>
            <numerusform>%n step is done by hand: Catamaran does not do it yet, and begins nothing of a plan that holds one. It shows its command. Do it, then look again.</numerusform>
            <numerusform>%n steps are done by hand: Catamaran does not do them yet, and begins nothing of a plan that holds one. Each shows its command. Do them, then look again.</numerusform>
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
<context>
    <name>catamaran::ui::TopologyView</name>
    <message numerus="yes">
        <source>and others: %n in all</source>
        <translation>
            <numerusform>and others: %n in all</numerusform>
            <numerusform>and others: %n in all</numerusform>
        </translation>
    </message>
</context>
</TS>
