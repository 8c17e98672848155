<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AlibabaCloud</name>
    <message>
        <source>this is not a cluster id</source>
        <translation>这不是集群 ID</translation>
    </message>
    <message>
        <source>Cluster ids are the letter c and 32 hexadecimal digits.</source>
        <translation>集群 ID 由字母 c 和 32 个十六进制数字组成。</translation>
    </message>
    <message>
        <source>list clusters</source>
        <translation>列出集群</translation>
    </message>
    <message>
        <source>read a cluster</source>
        <translation>读取集群</translation>
    </message>
    <message>
        <source>the answer has no %1</source>
        <translation>应答中没有 %1</translation>
    </message>
    <message>
        <source>fetch a kubeconfig</source>
        <translation>获取 kubeconfig</translation>
    </message>
    <message>
        <source>Check the access key id of this environment: it is unknown or switched off.</source>
        <translation>请检查此环境的 AccessKey ID：它不存在或已被停用。</translation>
    </message>
    <message>
        <source>Check the access key secret of this environment.</source>
        <translation>请检查此环境的 AccessKey Secret。</translation>
    </message>
    <message>
        <source>Set this machine&apos;s clock: it may be at most 15 minutes off.</source>
        <translation>请校准本机时钟：误差不得超过 15 分钟。</translation>
    </message>
    <message>
        <source>The temporary credentials have expired or do not fit: get new ones.</source>
        <translation>临时凭证已过期或不匹配：请重新获取。</translation>
    </message>
    <message>
        <source>Check the endpoint of this environment: it does not offer this call.</source>
        <translation>请检查此环境的服务接入点：它不提供此调用。</translation>
    </message>
    <message>
        <source>Choose another name, or use the mesh that exists.</source>
        <translation>请换一个名称，或使用已有的网格。</translation>
    </message>
    <message>
        <source>Activate Container Service for Kubernetes in the cloud console.</source>
        <translation>请在云控制台开通容器服务 Kubernetes 版。</translation>
    </message>
    <message>
        <source>Remove the clusters from the mesh first.</source>
        <translation>请先从网格中移除集群。</translation>
    </message>
    <message>
        <source>Wait until the mesh is running, then try again.</source>
        <translation>请等待网格进入运行中状态后重试。</translation>
    </message>
    <message>
        <source>Give this access key the permission for the call (RAM policy), see the README&apos;s minimal policy.</source>
        <translation>请为此 AccessKey 授予该调用的权限（RAM 策略），参见 README 中的最小策略。</translation>
    </message>
    <message>
        <source>Wait a minute and try again.</source>
        <translation>请等待一分钟后重试。</translation>
    </message>
    <message>
        <source>It may have been deleted, or it belongs to another account.</source>
        <translation>它可能已被删除，或属于其他账号。</translation>
    </message>
    <message>
        <source>The cloud had a fault: try again later.</source>
        <translation>云端发生故障：请稍后重试。</translation>
    </message>
    <message>
        <source>the answer is not JSON: %1</source>
        <translation>应答不是 JSON：%1</translation>
    </message>
    <message>
        <source>the answer is not a JSON object</source>
        <translation>应答不是 JSON 对象</translation>
    </message>
    <message>
        <source>Check the endpoint of this environment: something else may be answering there.</source>
        <translation>请检查此环境的服务接入点：在那里应答的可能是别的服务。</translation>
    </message>
    <message>
        <source>list meshes</source>
        <translation>列出网格</translation>
    </message>
    <message>
        <source>read a mesh</source>
        <translation>读取网格</translation>
    </message>
    <message>
        <source>list namespaces of a cluster</source>
        <translation>列出集群的命名空间</translation>
    </message>
    <message>
        <source>fetch the root certificate of a mesh</source>
        <translation>获取网格的根证书</translation>
    </message>
    <message>
        <source>the answer is neither PEM nor base64 of PEM</source>
        <translation>应答既不是 PEM，也不是 base64 编码的 PEM</translation>
    </message>
    <message>
        <source>list mesh versions</source>
        <translation>列出网格版本</translation>
    </message>
    <message>
        <source>create a mesh</source>
        <translation>创建网格</translation>
    </message>
    <message>
        <source>Look whether the mesh exists before trying again.</source>
        <translation>重试前请先查看该网格是否已存在。</translation>
    </message>
    <message>
        <source>delete a mesh</source>
        <translation>删除网格</translation>
    </message>
    <message>
        <source>list clusters that a mesh could take</source>
        <translation>列出网格可以添加的集群</translation>
    </message>
    <message>
        <source>list the clusters of a mesh</source>
        <translation>列出网格的集群</translation>
    </message>
    <message>
        <source>add cluster %1 to a mesh</source>
        <translation>将集群 %1 添加到网格</translation>
    </message>
    <message>
        <source>remove cluster %1 from a mesh</source>
        <translation>从网格移除集群 %1</translation>
    </message>
    <message>
        <source>read the networks of a mesh</source>
        <translation>读取网格的网络配置</translation>
    </message>
    <message>
        <source>set the networks of a mesh</source>
        <translation>设置网格的网络配置</translation>
    </message>
    <message>
        <source>set sidecar injection of namespace %1</source>
        <translation>设置命名空间 %1 的 Sidecar 注入</translation>
    </message>
    <message>
        <source>list namespaces of cluster %1</source>
        <translation>列出集群 %1 的命名空间</translation>
    </message>
    <message>
        <source>read the proxies of a mesh</source>
        <translation>读取网格的代理</translation>
    </message>
    <message>
        <source>compare mesh versions</source>
        <translation>比较网格版本</translation>
    </message>
    <message>
        <source>this is not a version like %1</source>
        <translation>这不是形如 %1 的版本号</translation>
    </message>
    <message>
        <source>the list breaks off: %1 of %2 clusters were told</source>
        <translation>列表中断：%2 个集群中只列出了 %1 个</translation>
    </message>
    <message>
        <source>%1 of the answer is not understood</source>
        <translation>应答中的 %1 无法理解</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is not the cause: it differs by %1 s from the answer&apos;s own date (%2). Something between may hold requests back, or answers in the cloud&apos;s place.</source>
        <translation>本机时钟不是原因：它与应答自带的日期（%2）相差 %1 秒。中间可能有什么扣住了请求，或代替云端作出了应答。</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is %1 ahead of the cloud&apos;s (by the answer&apos;s date, %2).</source>
        <translation>本机时钟比云端快 %1（依据应答的日期 %2）。</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is %1 behind the cloud&apos;s (by the answer&apos;s date, %2).</source>
        <translation>本机时钟比云端慢 %1（依据应答的日期 %2）。</translation>
    </message>
    <message>
        <source>The RAM policy of these credentials does not allow %1: add it. resources/environments/ram-policy.json has all that is called.</source>
        <translation>这些凭证的 RAM 策略不允许 %1：请添加。resources/environments/ram-policy.json 列有全部所需的调用。</translation>
    </message>
    <message>
        <source>read a profile of the aliyun command line tool</source>
        <translation>读取 aliyun 命令行工具的配置</translation>
    </message>
    <message>
        <source>its field %1 is not a text</source>
        <translation>其字段 %1 不是文本</translation>
    </message>
    <message>
        <source>it has no %1</source>
        <translation>其中没有 %1</translation>
    </message>
    <message>
        <source>its field %1 is not from %2 to %3</source>
        <translation>其字段 %1 不在 %2 到 %3 之间</translation>
    </message>
    <message>
        <source>it is larger than 1 MiB</source>
        <translation>它超过 1 MiB</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>它不是 JSON 对象</translation>
    </message>
    <message>
        <source>it has no list of profiles</source>
        <translation>其中没有配置列表</translation>
    </message>
    <message>
        <source>Make one: aliyun configure</source>
        <translation>请创建一个：aliyun configure</translation>
    </message>
    <message>
        <source>it names no current profile</source>
        <translation>它没有指定当前配置</translation>
    </message>
    <message>
        <source>Name one in the environment file: profile: NAME</source>
        <translation>请在环境文件中指定一个：profile: NAME</translation>
    </message>
    <message>
        <source>it has two profiles named “%1”</source>
        <translation>其中有两个名为“%1”的配置</translation>
    </message>
    <message>
        <source>it has no profile “%1”</source>
        <translation>其中没有配置“%1”</translation>
    </message>
    <message>
        <source>See aliyun configure list.</source>
        <translation>请参见 aliyun configure list。</translation>
    </message>
    <message>
        <source>profile %1 in %2</source>
        <translation>%2 中的配置 %1</translation>
    </message>
    <message>
        <source>its mode “%1” is not supported</source>
        <translation>不支持其模式“%1”</translation>
    </message>
    <message>
        <source>Use one of mode AK, StsToken or RamRoleArn.</source>
        <translation>请使用 AK、StsToken 或 RamRoleArn 模式之一。</translation>
    </message>
    <message>
        <source>read the access key from the environment&apos;s variables</source>
        <translation>从环境变量读取 AccessKey</translation>
    </message>
    <message>
        <source>the variable is not set</source>
        <translation>未设置该变量</translation>
    </message>
    <message>
        <source>Set it, or say in the environment file where the access key is.</source>
        <translation>请设置它，或在环境文件中说明 AccessKey 在哪里。</translation>
    </message>
    <message>
        <source>the temporary credentials ended at %1</source>
        <translation>临时凭证已于 %1 到期</translation>
    </message>
    <message>
        <source>Get new ones and open the environment again.</source>
        <translation>请获取新的凭证，然后重新打开环境。</translation>
    </message>
    <message>
        <source>use the credentials</source>
        <translation>使用凭证</translation>
    </message>
    <message>
        <source>the answer has no credentials with their end</source>
        <translation>应答中没有带到期时间的凭证</translation>
    </message>
    <message>
        <source>assume the role</source>
        <translation>扮演该角色</translation>
    </message>
</context>
<context>
    <name>Async</name>
    <message>
        <source>wait for an answer</source>
        <translation>等待应答</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>no answer came in time</source>
        <translation>没有及时收到应答</translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>pack the bundle</source>
        <translation>打包支持包</translation>
    </message>
    <message>
        <source>read the bundle</source>
        <translation>读取支持包</translation>
    </message>
    <message>
        <source>Use a file that “catamaranctl bundle” or the window wrote.</source>
        <translation>请使用由“catamaranctl bundle”或窗口写出的文件。</translation>
    </message>
    <message>
        <source>it is no such archive (%1)</source>
        <translation>它不是这样的归档文件（%1）</translation>
    </message>
    <message>
        <source>it holds “%1”, which no bundle does</source>
        <translation>其中含有“%1”，支持包不会包含它</translation>
    </message>
    <message>
        <source>it holds %1 twice</source>
        <translation>其中 %1 出现了两次</translation>
    </message>
    <message>
        <source>it holds more than %1 files</source>
        <translation>其中的文件超过 %1 个</translation>
    </message>
    <message>
        <source>it unpacks to more than %1 MiB</source>
        <translation>解包后超过 %1 MiB</translation>
    </message>
    <message>
        <source>make the bundle</source>
        <translation>制作支持包</translation>
    </message>
    <message>
        <source>it is larger than %1 MiB</source>
        <translation>它超过 %1 MiB</translation>
    </message>
    <message>
        <source>Make one of fewer clusters.</source>
        <translation>请缩小集群范围后再生成。</translation>
    </message>
    <message>
        <source>it was stopped; nothing was written</source>
        <translation>已停止；没有写入任何内容</translation>
    </message>
    <message>
        <source>looking at the fleet</source>
        <translation>正在查看舰队</translation>
    </message>
    <message>
        <source>reading the facts</source>
        <translation>正在读取事实</translation>
    </message>
    <message>
        <source>asking the rules</source>
        <translation>正在查询规则</translation>
    </message>
    <message>
        <source>asking about directions</source>
        <translation>正在查询方向</translation>
    </message>
    <message>
        <source>reading the journal</source>
        <translation>正在读取操作日志</translation>
    </message>
    <message>
        <source>packing</source>
        <translation>正在打包</translation>
    </message>
    <message>
        <source>write the bundle</source>
        <translation>写入支持包</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>它是一个文件夹</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>它不是普通文件</translation>
    </message>
    <message>
        <source>Name a file in a folder that can be written.</source>
        <translation>请指定可写文件夹中的文件。</translation>
    </message>
    <message>
        <source>it has no %1</source>
        <translation>其中没有 %1</translation>
    </message>
    <message>
        <source>%1 is not a JSON object (%2)</source>
        <translation>%1 不是 JSON 对象（%2）</translation>
    </message>
    <message>
        <source>it is no bundle of Catamaran</source>
        <translation>它不是 Catamaran 的支持包</translation>
    </message>
    <message>
        <source>it is of format %1, which this version does not read</source>
        <translation>它的格式为 %1，此版本无法读取</translation>
    </message>
    <message>
        <source>it does not say when it was made</source>
        <translation>它没有说明制作时间</translation>
    </message>
    <message>
        <source>%1 has another form than this version writes</source>
        <translation>%1 的格式与此版本写入的不同</translation>
    </message>
    <message>
        <source>not seen: %1</source>
        <translation>未看到：%1</translation>
    </message>
</context>
<context>
    <name>Check</name>
    <message>
        <source>has more than %1 entries</source>
        <translation>超过 %1 个条目</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>为空</translation>
    </message>
    <message>
        <source>Leave it out where nothing is expected</source>
        <translation>没有预期时请省略它</translation>
    </message>
    <message>
        <source>leads nowhere</source>
        <translation>没有去向</translation>
    </message>
    <message>
        <source>Name two clusters</source>
        <translation>请指定两个集群</translation>
    </message>
    <message>
        <source>is expected twice</source>
        <translation>预期重复</translation>
    </message>
    <message>
        <source>names no service</source>
        <translation>没有指定服务</translation>
    </message>
    <message>
        <source>Write namespace/name, for example default/helloworld</source>
        <translation>请写成“命名空间/名称”的形式，例如 default/helloworld</translation>
    </message>
    <message>
        <source>does not add up to 100 %</source>
        <translation>合计不是 100 %</translation>
    </message>
    <message>
        <source>Name all versions that are to answer, in per cent</source>
        <translation>请以百分比列出所有应当应答的版本</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>has no limit</source>
        <translation>没有上限</translation>
    </message>
    <message>
        <source>Give at least one of p50, p95 and p99</source>
        <translation>请至少给出 p50、p95 和 p99 中的一项</translation>
    </message>
    <message>
        <source>read the expectations</source>
        <translation>读取预期</translation>
    </message>
    <message>
        <source>names no workload</source>
        <translation>没有指定工作负载</translation>
    </message>
    <message>
        <source>Write namespace/workload, for example default/sleep</source>
        <translation>请写成“命名空间/工作负载”的形式，例如 default/sleep</translation>
    </message>
    <message>
        <source>expects nothing</source>
        <translation>没有写明任何预期</translation>
    </message>
    <message>
        <source>Name at least one of directions, findings, failover and requests</source>
        <translation>请至少指定 directions、findings、failover 和 requests 中的一项</translation>
    </message>
    <message>
        <source>%1 to %2 is proven</source>
        <translation>%1 到 %2 已证明</translation>
    </message>
    <message>
        <source>nothing worse than a warning</source>
        <translation>没有比警告更严重的</translation>
    </message>
    <message>
        <source>no warning and no failure</source>
        <translation>没有警告，也没有失败</translation>
    </message>
    <message>
        <source>%1 fails over</source>
        <translation>%1 会故障转移</translation>
    </message>
    <message>
        <source>%1 fails over for clients in %2</source>
        <translation>%1 会为 %2 中的客户端故障转移</translation>
    </message>
    <message>
        <source>%1: %2 at most %3 ms</source>
        <translation>%1：%2 最多 %3 ms</translation>
    </message>
    <message>
        <source>%1: every request is answered</source>
        <translation>%1：每个请求都有应答</translation>
    </message>
    <message>
        <source>%1: at most %2 requests fail</source>
        <translation>%1：最多 %2 个请求失败</translation>
    </message>
    <message>
        <source>%1: the answers are shared out as expected</source>
        <translation>%1：应答的分配符合预期</translation>
    </message>
    <message>
        <source>every direction is proven</source>
        <translation>每个方向都已证明</translation>
    </message>
    <message>
        <source>nobody knows of this direction</source>
        <translation>此方向的情况无从得知</translation>
    </message>
    <message>
        <source>needs: %1</source>
        <translation>需要：%1</translation>
    </message>
    <message>
        <source>there are no two clusters</source>
        <translation>没有两个集群</translation>
    </message>
    <message>
        <source>not all rules could be asked:</source>
        <translation>未能查询全部规则：</translation>
    </message>
    <message>
        <source>%1 findings are accepted</source>
        <translation>已接受 %1 项诊断结果</translation>
    </message>
    <message>
        <source>%1: its services could not be read</source>
        <translation>%1：无法读取其服务</translation>
    </message>
    <message>
        <source>no service of the mesh is called so there</source>
        <translation>网格在那里没有这个名称的服务</translation>
    </message>
    <message>
        <source>Not all requests were sent.</source>
        <translation>并非所有请求都已发送。</translation>
    </message>
    <message>
        <source>no request was answered</source>
        <translation>没有请求得到应答</translation>
    </message>
    <message>
        <source>%1 ms, of %2 good answers, from when each was due</source>
        <translation>%1 ms，共 %2 个正常应答，均从应发送的时刻算起</translation>
    </message>
</context>
<context>
    <name>CommandLine</name>
    <message>
        <source>A console for multi-primary service-mesh fleets.</source>
        <translation>多主控制面服务网格舰队的控制台。</translation>
    </message>
    <message>
        <source>Open this environment file.</source>
        <translation>打开此环境文件。</translation>
    </message>
    <message>
        <source>Start the practice range and open it.</source>
        <translation>启动练习场并打开它。</translation>
    </message>
    <message>
        <source>Save a picture of every screen in DIR, then end.</source>
        <translation>将每个界面的截图保存到 DIR，然后退出。</translation>
    </message>
    <message>
        <source>light, dark or system.</source>
        <translation>light、dark 或 system。</translation>
    </message>
    <message>
        <source>Keep history and journal in FILE.</source>
        <translation>将历史记录和操作日志保存到 FILE。</translation>
    </message>
    <message>
        <source>Show this place first: topology, setup, verify, drills or activity.</source>
        <translation>首先显示的页面：topology、setup、verify、drills 或 activity。</translation>
    </message>
    <message>
        <source>Print the time of the first paint as JSON.</source>
        <translation>以 JSON 输出首次绘制的时间。</translation>
    </message>
    <message>
        <source>End after the first paint.</source>
        <translation>首次绘制后退出。</translation>
    </message>
    <message>
        <source>unknown argument: %1</source>
        <translation>未知参数：%1</translation>
    </message>
    <message>
        <source>--theme takes light, dark or system, not %1</source>
        <translation>--theme 可取 light、dark 或 system，而不是 %1</translation>
    </message>
    <message>
        <source>there is no environment file %1</source>
        <translation>环境文件 %1 不存在</translation>
    </message>
    <message>
        <source>--place takes one of: %1</source>
        <translation>--place 可取以下之一：%1</translation>
    </message>
    <message>
        <source>%1 pictures in %2</source>
        <translation>已将 %1 张截图保存到 %2</translation>
    </message>
    <message>
        <source>Size of the window, such as 1024x700.</source>
        <translation>窗口大小，例如 1024x700。</translation>
    </message>
    <message>
        <source>--size takes width and height, such as 1024x700, not %1</source>
        <translation>--size 应给出宽和高，例如 1024x700，而不是 %1</translation>
    </message>
    <message>
        <source>there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. catamaranctl does the same without windows.</source>
        <translation>没有可用的显示器：DISPLAY 和 WAYLAND_DISPLAY 均未设置。无窗口时可用 catamaranctl 完成同样的工作。</translation>
    </message>
    <message>
        <source>Show the fleet of this support bundle as it was; nothing is asked.</source>
        <translation>显示此支持包中舰队当时的状态；不查询任何内容。</translation>
    </message>
    <message>
        <source>--open shows a fleet as it was: it goes with neither --env nor --range</source>
        <translation>--open 显示舰队当时的状态：不能与 --env 或 --range 一起使用</translation>
    </message>
    <message>
        <source>--open names no file</source>
        <translation>--open 没有指定文件</translation>
    </message>
</context>
<context>
    <name>Condition</name>
    <message>
        <source>Reachable</source>
        <translation>可达性</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行状态</translation>
    </message>
    <message>
        <source>Shared root</source>
        <translation>共享根证书</translation>
    </message>
    <message>
        <source>Discovery</source>
        <translation>服务发现</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>Workload</source>
        <translation>工作负载</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>服务器验证</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>Core</name>
    <message>
        <source>“%1” is not a time</source>
        <translation>“%1”不是时间</translation>
    </message>
    <message>
        <source>Write for example 500ms, 30s, 2m or 1h.</source>
        <translation>请写成例如 500ms、30s、2m 或 1h。</translation>
    </message>
    <message>
        <source>“%1” is longer than %2 hours</source>
        <translation>“%1”超过 %2 小时</translation>
    </message>
    <message>
        <source>Give at most %1h.</source>
        <translation>请最多设为 %1h。</translation>
    </message>
    <message>
        <source>Whoever was to read it has ended; what is missing was not read.</source>
        <translation>读取方已退出；缺少的部分未被读取。</translation>
    </message>
    <message>
        <source>What was written is not whole: do not use it.</source>
        <translation>写出的内容不完整：请勿使用。</translation>
    </message>
    <message>
        <source>write the answer</source>
        <translation>写出应答</translation>
    </message>
    <message>
        <source>standard output</source>
        <translation>标准输出</translation>
    </message>
    <message>
        <source>stopped while nobody read it</source>
        <translation>因无人读取而停止</translation>
    </message>
    <message>
        <source>Check the path and its permissions.</source>
        <translation>请检查路径及其权限。</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>它是一个文件夹</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>它不是普通文件</translation>
    </message>
    <message>
        <source>it is larger than %1 MiB</source>
        <translation>它超过 %1 MiB</translation>
    </message>
    <message>
        <source>Name a file in a folder that can be written.</source>
        <translation>请指定可写文件夹中的文件。</translation>
    </message>
    <message>
        <source>other users of this machine may exchange files in its folder %1</source>
        <translation>本机的其他用户可以替换其文件夹 %1 中的文件</translation>
    </message>
    <message>
        <source>it is a link that belongs to the user %1</source>
        <translation>它是属于用户 %1 的链接</translation>
    </message>
    <message>
        <source>Look at what it says; if it is right, take a copy that is yours alone: %1</source>
        <translation>请查看其内容；如果无误，请制作一份只属于您自己的副本：%1</translation>
    </message>
    <message>
        <source>it is larger than %1 KiB</source>
        <translation>它超过 %1 KiB</translation>
    </message>
    <message>
        <source>it belongs to the user %1</source>
        <translation>它属于用户 %1</translation>
    </message>
    <message>
        <source>other users of this machine may change it (mode %1)</source>
        <translation>本机的其他用户可以改动它（模式 %1）</translation>
    </message>
</context>
<context>
    <name>Documents</name>
    <message>
        <source>names no file</source>
        <translation>没有指定文件</translation>
    </message>
    <message>
        <source>the name “%1” is used twice</source>
        <translation>名称“%1”用了两次</translation>
    </message>
    <message>
        <source>the cloudId “%1” is used twice</source>
        <translation>cloudId“%1”用了两次</translation>
    </message>
    <message>
        <source>has no kubeconfig, and without an account, cloudId and region none can be fetched</source>
        <translation>没有 kubeconfig；缺少账号、cloudId 和 region 时也无法获取</translation>
    </message>
    <message>
        <source>Add kubeconfig: FILE</source>
        <translation>请添加 kubeconfig: FILE</translation>
    </message>
    <message>
        <source>has no region, which fetching its kubeconfig needs</source>
        <translation>没有 region，而获取其 kubeconfig 需要它</translation>
    </message>
    <message>
        <source>Add region: REGION</source>
        <translation>请添加 region: REGION</translation>
    </message>
    <message>
        <source>read the environment</source>
        <translation>读取环境</translation>
    </message>
    <message>
        <source>must be a colour such as &quot;#0B6BCB&quot;, in quotes</source>
        <translation>必须是带引号的颜色，例如 &quot;#0B6BCB&quot;</translation>
    </message>
    <message>
        <source>must be one of the clusters below, but is “%1”</source>
        <translation>必须是下列集群之一，实际是“%1”</translation>
    </message>
    <message>
        <source>names no cluster, and there is no cloud account either</source>
        <translation>没有指定集群，也没有云账号</translation>
    </message>
    <message>
        <source>must be a name of lower-case letters, digits and “-”, at most 63 long, but is “%1”</source>
        <translation>名称必须由小写字母、数字和“-”组成，最长 63 个字符，实际为“%1”</translation>
    </message>
    <message>
        <source>must be one of %1, but is “%2”</source>
        <translation>必须是 %1 之一，实际为“%2”</translation>
    </message>
    <message>
        <source>names no cluster</source>
        <translation>没有指定集群</translation>
    </message>
    <message>
        <source>must be a name of lower-case letters, digits and “-”, but is “%1”</source>
        <translation>名称必须由小写字母、数字和“-”组成，实际为“%1”</translation>
    </message>
    <message>
        <source>%1 is on no network, but others are</source>
        <translation>%1 没有所属网络，而其他集群有</translation>
    </message>
    <message>
        <source>Give every cluster a network, or none</source>
        <translation>请为每个集群都指定网络，或都不指定</translation>
    </message>
    <message>
        <source>networks and gateways are a mesh&apos;s, and this fleet has no mesh</source>
        <translation>网络和网关属于网格，而此舰队没有网格</translation>
    </message>
    <message>
        <source>Remove it, or add meshes</source>
        <translation>请将其移除，或添加网格</translation>
    </message>
    <message>
        <source>all clusters are on one network, where no gateway is needed</source>
        <translation>所有集群位于同一网络，不需要网关</translation>
    </message>
    <message>
        <source>Remove the gateway, or give the clusters different networks</source>
        <translation>请移除网关，或为集群指定不同的网络</translation>
    </message>
    <message>
        <source>there is no mesh “%1” in this fleet</source>
        <translation>此舰队中没有网格“%1”</translation>
    </message>
    <message>
        <source>there is no cluster “%1” in this fleet</source>
        <translation>此舰队中没有集群“%1”</translation>
    </message>
    <message>
        <source>must be managed or discovery-only</source>
        <translation>必须是 managed 或 discovery-only</translation>
    </message>
    <message>
        <source>%1 is a member of %2 already</source>
        <translation>%1 已是 %2 的成员</translation>
    </message>
    <message>
        <source>Remove one of them</source>
        <translation>请移除其中之一</translation>
    </message>
    <message>
        <source>%1 is managed by two meshes, %2 and %3</source>
        <translation>%1 由两个网格托管：%2 和 %3</translation>
    </message>
    <message>
        <source>Exactly one mesh manages a cluster; make it discovery-only in the other</source>
        <translation>一个集群只能由一个网格托管；请在另一个网格中改为 discovery-only</translation>
    </message>
    <message>
        <source>no mesh manages %1</source>
        <translation>没有网格托管 %1</translation>
    </message>
    <message>
        <source>Add a membership with mode managed for it</source>
        <translation>请为它添加 mode 为 managed 的成员关系</translation>
    </message>
    <message>
        <source>%1 manages no cluster; region and network of a mesh follow from the cluster it manages</source>
        <translation>%1 没有托管任何集群；网格的地域和网络取决于它所托管的集群</translation>
    </message>
    <message>
        <source>a mesh injects sidecars, and this fleet has no mesh</source>
        <translation>Sidecar 由网格注入，而此舰队没有网格</translation>
    </message>
    <message>
        <source>%1 is given twice</source>
        <translation>%1 出现了两次</translation>
    </message>
    <message>
        <source>“%1” is not the name of an image</source>
        <translation>“%1”不是镜像的名称</translation>
    </message>
    <message>
        <source>Write it like registry.example.com/team/curl:8.1.2</source>
        <translation>请写成 registry.example.com/team/curl:8.1.2 的形式</translation>
    </message>
    <message>
        <source>must be between %1 and %2, but is %3</source>
        <translation>必须在 %1 和 %2 之间，实际为 %3</translation>
    </message>
    <message>
        <source>image, imagePullPolicy, replicas and command are a Deployment&apos;s, and %1 has none</source>
        <translation>image、imagePullPolicy、replicas 和 command 属于 Deployment，而 %1 中没有 Deployment</translation>
    </message>
    <message>
        <source>names no command</source>
        <translation>没有指定命令</translation>
    </message>
    <message>
        <source>Leave it out to keep the manifest&apos;s</source>
        <translation>请将其去掉，以保留清单中的设置</translation>
    </message>
    <message>
        <source>read the fleet</source>
        <translation>读取舰队文档</translation>
    </message>
    <message>
        <source>use the fleet</source>
        <translation>使用舰队文档</translation>
    </message>
    <message>
        <source>read the manifest</source>
        <translation>读取清单</translation>
    </message>
    <message>
        <source>“%1” is not the name of a manifest</source>
        <translation>“%1”不是清单的名称</translation>
    </message>
    <message>
        <source>there is no manifest “%1”</source>
        <translation>没有清单“%1”</translation>
    </message>
    <message>
        <source>Known are: %1</source>
        <translation>已知的有：%1</translation>
    </message>
    <message>
        <source>has no metadata.name</source>
        <translation>没有 metadata.name</translation>
    </message>
    <message>
        <source>holds no object</source>
        <translation>其中没有对象</translation>
    </message>
    <message>
        <source>must say where the secret is, not hold it</source>
        <translation>必须说明密钥在哪里，而不是直接写出密钥</translation>
    </message>
    <message>
        <source>Write { keyring: NAME }, { file: PATH } or { env: VARIABLE }</source>
        <translation>请写成 { keyring: NAME }、{ file: PATH } 或 { env: VARIABLE }</translation>
    </message>
    <message>
        <source>must have exactly one of keyring, file and env</source>
        <translation>必须在 keyring、file 和 env 中恰好取其一</translation>
    </message>
    <message>
        <source>a map</source>
        <translation>映射</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空值</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>“%1”</translation>
    </message>
    <message>
        <source>field %1: </source>
        <translation>字段 %1：</translation>
    </message>
    <message>
        <source>must be a map, but is %1</source>
        <translation>必须是映射，实际是%1</translation>
    </message>
    <message>
        <source>has no field %1</source>
        <translation>没有字段 %1</translation>
    </message>
    <message>
        <source>Add it</source>
        <translation>请添加它</translation>
    </message>
    <message>
        <source>has a key that is not a text</source>
        <translation>有一个键不是文本</translation>
    </message>
    <message>
        <source>is not known here</source>
        <translation>此处不认识它</translation>
    </message>
    <message>
        <source>is given twice</source>
        <translation>出现了两次</translation>
    </message>
    <message>
        <source>must be a list, but is %1</source>
        <translation>必须是列表，实际是%1</translation>
    </message>
    <message>
        <source>must be a text, but is %1</source>
        <translation>必须是文本，实际是%1</translation>
    </message>
    <message>
        <source>is longer than 4096 characters</source>
        <translation>超过 4096 个字符</translation>
    </message>
    <message>
        <source>must be true or false, but is %1</source>
        <translation>必须是 true 或 false，实际是%1</translation>
    </message>
    <message>
        <source>must be a whole number, but is %1</source>
        <translation>必须是整数，实际是%1</translation>
    </message>
    <message>
        <source>must be a number, but is %1</source>
        <translation>必须是数字，实际是%1</translation>
    </message>
    <message>
        <source>must be a time such as 500ms, 30s, 2m or 1h, but is %1</source>
        <translation>必须是 500ms、30s、2m 或 1h 这样的时间，实际是%1</translation>
    </message>
    <message>
        <source>is larger than 1 MiB</source>
        <translation>超过 1 MiB</translation>
    </message>
    <message>
        <source>holds more than one document</source>
        <translation>包含多个文档</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>为空</translation>
    </message>
    <message>
        <source>is not valid YAML: %1</source>
        <translation>不是有效的 YAML：%1</translation>
    </message>
    <message>
        <source>must be a map with apiVersion, kind, metadata and spec</source>
        <translation>必须是包含 apiVersion、kind、metadata 和 spec 的映射</translation>
    </message>
    <message>
        <source>Check the path and its permissions</source>
        <translation>请检查路径及其权限</translation>
    </message>
    <message>
        <source>holds too many documents</source>
        <translation>包含的文档过多</translation>
    </message>
    <message>
        <source>is no map</source>
        <translation>不是映射</translation>
    </message>
    <message>
        <source>must be an image such as “registry.example.com/tools/curl:8”, which has sh and curl</source>
        <translation>必须是带有 sh 和 curl 的镜像，例如“registry.example.com/tools/curl:8”</translation>
    </message>
    <message>
        <source>needs either a namespace (a Deployment of one pod stands there) or pods (an ephemeral container is added to them)</source>
        <translation>需要 namespace（在其中放置单 Pod 的 Deployment）或 pods（向其添加临时容器）之一</translation>
    </message>
    <message>
        <source>Write probe: { image: IMAGE, namespace: NAMESPACE } or probe: { image: IMAGE, pods: { CLUSTER: NAMESPACE/POD } }</source>
        <translation>请写成 probe: { image: IMAGE, namespace: NAMESPACE } 或 probe: { image: IMAGE, pods: { CLUSTER: NAMESPACE/POD } }</translation>
    </message>
    <message>
        <source>names no pod</source>
        <translation>没有指定 Pod</translation>
    </message>
    <message>
        <source>must be NAMESPACE/NAME of a pod or of a Deployment</source>
        <translation>必须是 Pod 或 Deployment 的 NAMESPACE/NAME</translation>
    </message>
    <message>
        <source>the environment has no cluster “%1”</source>
        <translation>环境中没有集群“%1”</translation>
    </message>
    <message>
        <source>write where probes may stand into the environment file</source>
        <translation>将探针的放置位置写入环境文件</translation>
    </message>
    <message>
        <source>Write this line below spec: yourself: %1</source>
        <translation>请自行在 spec 之下写入此行：%1</translation>
    </message>
    <message>
        <source>it is not written as a block of lines</source>
        <translation>它没有按多行块格式书写</translation>
    </message>
    <message>
        <source>its probe is written over several lines</source>
        <translation>其 probe 分写在多行</translation>
    </message>
    <message>
        <source>it does not read back as it was meant</source>
        <translation>读回的内容与预期写入的不同</translation>
    </message>
    <message>
        <source>Check the folder&apos;s permissions and free space.</source>
        <translation>请检查文件夹的权限和剩余空间。</translation>
    </message>
    <message>
        <source>must be an address such as “https://10.0.0.1:6443”</source>
        <translation>必须是“https://10.0.0.1:6443”这样的地址</translation>
    </message>
    <message>
        <source>is for tokens that end: a long-lived one has no end</source>
        <translation>仅用于会到期的令牌：长期令牌没有到期时间</translation>
    </message>
    <message>
        <source>Write token: requested, or leave life out</source>
        <translation>请写 token: requested，或去掉 life</translation>
    </message>
    <message>
        <source>must be a number of hours such as “8760h”, at most %1h</source>
        <translation>必须是“8760h”这样的小时数，最多 %1h</translation>
    </message>
    <message>
        <source>%1 makes its control planes and gateways itself</source>
        <translation>%1 自行创建控制面和网关</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>请将其移除</translation>
    </message>
    <message>
        <source>needs either manifests or istioctl</source>
        <translation>需要 manifests 或 istioctl 二者之一</translation>
    </message>
    <message>
        <source>is not a path that begins with “/”</source>
        <translation>不是以“/”开头的路径</translation>
    </message>
    <message>
        <source>Write where the program is</source>
        <translation>请写明程序的位置</translation>
    </message>
    <message>
        <source>files and set are for istioctl</source>
        <translation>files 和 set 仅用于 istioctl</translation>
    </message>
    <message>
        <source>it names a program to run (istioctl), and %1</source>
        <translation>它指定了要运行的程序（istioctl），而 %1</translation>
    </message>
    <message>
        <source>Keep it where nobody else can write.</source>
        <translation>请将其放在其他人无法写入的位置。</translation>
    </message>
    <message>
        <source>is larger than %1 MiB</source>
        <translation>大于 %1 MiB</translation>
    </message>
</context>
<context>
    <name>Drill</name>
    <message>
        <source>moves the client to where it is</source>
        <translation>把客户端移到了它原本所在的位置</translation>
    </message>
    <message>
        <source>Name two different clusters</source>
        <translation>请指定两个不同的集群</translation>
    </message>
    <message>
        <source>moves the client a second time</source>
        <translation>第二次移动客户端</translation>
    </message>
    <message>
        <source>A drill has one client; split it in two drills</source>
        <translation>一个演练只有一个客户端；请拆分为两个演练</translation>
    </message>
    <message>
        <source>moves a client that does not send the probes</source>
        <translation>移动的客户端并不发送探测请求</translation>
    </message>
    <message>
        <source>Let probes.from be %1/%2/sleep</source>
        <translation>请将 probes.from 设为 %1/%2/sleep</translation>
    </message>
    <message>
        <source>has no fault</source>
        <translation>没有故障</translation>
    </message>
    <message>
        <source>has more than ten faults</source>
        <translation>故障超过十个</translation>
    </message>
    <message>
        <source>read the drill</source>
        <translation>读取演练</translation>
    </message>
    <message>
        <source>is too short to see anything</source>
        <translation>时间太短，无法看出任何结果</translation>
    </message>
    <message>
        <source>Give at least 1s</source>
        <translation>请至少设为 1s</translation>
    </message>
    <message>
        <source>ends by its guard before it is over</source>
        <translation>尚未结束就会被防护机制终止</translation>
    </message>
    <message>
        <source> and </source>
        <translation> 和 </translation>
    </message>
    <message>
        <source>no version</source>
        <translation>无版本</translation>
    </message>
    <message>
        <source>%1 did not answer while it was broken</source>
        <translation>%1 在故障期间没有应答</translation>
    </message>
    <message>
        <source>%1 still answered while it was broken</source>
        <translation>%1 在故障期间仍有应答</translation>
    </message>
    <message>
        <source>No request was sent while it was broken, so nothing was shown.</source>
        <translation>故障期间没有发送任何请求，因此没有证明任何事情。</translation>
    </message>
    <message>
        <source>Requests still failed when the fault was taken back: %1 of %2 failed.</source>
        <translation>撤回故障时请求仍在失败：共 %2 个请求，失败 %1 个。</translation>
    </message>
    <message>
        <source>Every answer was good again after %1 ms; the hypothesis allows %2 ms.</source>
        <translation>%1 ms 后全部应答恢复正常；假设允许 %2 ms。</translation>
    </message>
    <message>
        <source>%1 requests failed; the hypothesis allows %2.</source>
        <translation>%1 个请求失败；假设允许 %2 个。</translation>
    </message>
    <message>
        <source>None of %1 requests failed.</source>
        <translation>%1 个请求无一失败。</translation>
    </message>
    <message>
        <source>%1 of %2 requests failed; every answer was good again after %3 ms.</source>
        <translation>%2 个请求中有 %1 个失败；%3 ms 后全部应答恢复正常。</translation>
    </message>
    <message>
        <source>prepare the drill</source>
        <translation>准备演练</translation>
    </message>
    <message>
        <source>it has %1 replicas already: the fault would change nothing</source>
        <translation>它已经有 %1 个副本：故障不会改变任何东西</translation>
    </message>
    <message>
        <source>Apply the fleet, or restore an earlier drill, and try again.</source>
        <translation>请执行舰队计划或恢复之前的演练，然后重试。</translation>
    </message>
    <message>
        <source>the client is there already</source>
        <translation>客户端已经在那里</translation>
    </message>
    <message>
        <source>Delete it, or restore an earlier drill, and try again.</source>
        <translation>请将其删除或恢复之前的演练，然后重试。</translation>
    </message>
    <message>
        <source>read what is to be restored</source>
        <translation>读取待恢复内容</translation>
    </message>
    <message>
        <source>the journal</source>
        <translation>操作日志</translation>
    </message>
    <message>
        <source>no list of actions</source>
        <translation>没有操作列表</translation>
    </message>
    <message>
        <source>an action without cluster or namespace</source>
        <translation>有一个操作缺少集群或命名空间</translation>
    </message>
    <message>
        <source>unknown action “%1”</source>
        <translation>未知操作“%1”</translation>
    </message>
    <message>
        <source>run the drill</source>
        <translation>运行演练</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>the guard stopped it: longer than %1 s</source>
        <translation>防护机制已将其终止：超过 %1 s</translation>
    </message>
    <message>
        <source>the guard stopped it: %1 requests failed one after the other</source>
        <translation>防护机制已将其终止：连续 %1 个请求失败</translation>
    </message>
    <message>
        <source>looking at what will be changed</source>
        <translation>正在查看将要改动的对象</translation>
    </message>
    <message>
        <source>the drill “%1” was interrupted here and its damage not restored</source>
        <translation>演练“%1”曾在此中断，其造成的故障尚未恢复</translation>
    </message>
    <message>
        <source>requests from %1 must be good for %2 s</source>
        <translation>来自 %1 的请求须持续正常 %2 s</translation>
    </message>
    <message>
        <source>the fleet is not steady before the fault: %1</source>
        <translation>注入故障前舰队并不稳定：%1</translation>
    </message>
    <message>
        <source>Verify the fleet and mend it first.</source>
        <translation>请先验证舰队并修复问题。</translation>
    </message>
    <message>
        <source>%1 scaled to %2</source>
        <translation>%1 已伸缩到 %2</translation>
    </message>
    <message>
        <source>%1 deployed</source>
        <translation>%1 已部署</translation>
    </message>
    <message>
        <source>requests come from %1</source>
        <translation>请求来自 %1</translation>
    </message>
    <message>
        <source>waited 60 s until %1</source>
        <translation>已等待 60 s，条件仍未满足：%1</translation>
    </message>
    <message>
        <source>broken on purpose for %1 s</source>
        <translation>故障已人为保持 %1 s</translation>
    </message>
    <message>
        <source>putting everything back</source>
        <translation>正在恢复所有改动</translation>
    </message>
    <message>
        <source>reading it back</source>
        <translation>正在回读</translation>
    </message>
    <message>
        <source>no pod of it is ready to send requests from</source>
        <translation>它没有可用于发送请求的就绪 Pod</translation>
    </message>
    <message>
        <source>Apply the fleet, or scale it up, and try again.</source>
        <translation>请执行舰队计划或扩容，然后重试。</translation>
    </message>
    <message>
        <source>the fault did not hold: somebody set replicas to %1 after %2 s</source>
        <translation>故障未能保持：%2 s 后有人将副本数设为 %1</translation>
    </message>
    <message>
        <source>the fault did not hold: somebody set replicas to %1 after %2 s (field manager %3)</source>
        <translation>故障未能保持：%2 s 后有人将副本数设为 %1（字段管理者 %3）</translation>
    </message>
    <message>
        <source>keep the fault in place</source>
        <translation>保持故障</translation>
    </message>
    <message>
        <source>Suspend what manages this workload (an autoscaler, a GitOps controller) while the drill runs.</source>
        <translation>请在演练运行期间暂停管理此工作负载的组件（自动伸缩器、GitOps 控制器）。</translation>
    </message>
    <message>
        <source>Restore it first: %1</source>
        <translation>请先将其恢复：%1</translation>
    </message>
    <message>
        <source>%1, container %2,</source>
        <translation>%1（容器 %2）</translation>
    </message>
    <message>
        <source>whether the fault held to the end could not be read: %1</source>
        <translation>无法读取故障是否一直保持到结束：%1</translation>
    </message>
    <message>
        <source>no answer came</source>
        <translation>没有收到应答</translation>
    </message>
    <message>
        <source>Run: %1</source>
        <translation>请运行：%1</translation>
    </message>
    <message>
        <source>Not everything could be restored; run: %1</source>
        <translation>并非一切都能恢复；请运行：%1</translation>
    </message>
    <message>
        <source>Everything is put back, but the journal could not be told so, and will offer it again: %1</source>
        <translation>所有故障都已恢复，但无法将此记入操作日志，因此它会再次提出恢复：%1</translation>
    </message>
    <message>
        <source>%1: the drill “%2” left it at %3 replicas, it had %4</source>
        <translation>%1：演练“%2”使其停留在 %3 个副本，原有 %4 个</translation>
    </message>
    <message>
        <source>the drill “%1” was begun and its damage is not put back</source>
        <translation>演练“%1”已经开始，其造成的故障尚未恢复</translation>
    </message>
    <message>
        <source>Put the workloads back by hand; see the Activity place for what was changed. Then give it up with a reason.</source>
        <translation>请手动恢复这些工作负载；改动的内容请参见“活动”页面。然后写明原因，将其放弃。</translation>
    </message>
    <message>
        <source>at an unknown time</source>
        <translation>在未知时间</translation>
    </message>
    <message>
        <source>the drill “%1”, begun %2</source>
        <translation>演练“%1”（开始于 %2）</translation>
    </message>
    <message>
        <source>the drill “%1”, begun %2 by %3</source>
        <translation>演练“%1”（开始于 %2，由 %3 执行）</translation>
    </message>
    <message>
        <source>%1 had %2 replicas</source>
        <translation>%1 原有 %2 个副本</translation>
    </message>
    <message>
        <source>%1 was not there</source>
        <translation>%1 原本不存在</translation>
    </message>
    <message>
        <source>two faults of the drill change it</source>
        <translation>该演练的两个故障都会改动它</translation>
    </message>
    <message>
        <source>Let one of them do it, or split the drill in two.</source>
        <translation>请只让其中一个故障改动它，或将演练拆成两个。</translation>
    </message>
    <message>
        <source>there is no such deployment</source>
        <translation>没有这个 Deployment</translation>
    </message>
    <message>
        <source>Apply the fleet, and try again.</source>
        <translation>请执行舰队计划，然后重试。</translation>
    </message>
    <message>
        <source>Restore that drill first: catamaranctl drill restore</source>
        <translation>请先恢复该演练：catamaranctl drill restore</translation>
    </message>
    <message>
        <source>%1: %2 (read back)</source>
        <translation>%1：%2（已回读确认）</translation>
    </message>
    <message>
        <source>put everything back</source>
        <translation>全部恢复</translation>
    </message>
    <message>
        <source>%1, which runs; another history has it</source>
        <translation>%1，它正在运行；由另一份历史记录保存</translation>
    </message>
    <message>
        <source>execution %1</source>
        <translation>执行记录 %1</translation>
    </message>
    <message>
        <source>the drill “%1” (execution %2) runs since %3, %4</source>
        <translation>演练“%1”（执行记录 %2）自 %3 起在运行，%4</translation>
    </message>
    <message>
        <source>%1: what it broke is put back there</source>
        <translation>%1：它造成的故障会在那里恢复</translation>
    </message>
    <message>
        <source>give up what execution %1 did</source>
        <translation>放弃执行记录 %1 所做的改动</translation>
    </message>
    <message>
        <source>it was begun in another environment than %1</source>
        <translation>它是在 %1 之外的另一个环境中开始的</translation>
    </message>
    <message>
        <source>it is no drill</source>
        <translation>它不是演练</translation>
    </message>
    <message>
        <source>nothing of it is left to be settled or taken back</source>
        <translation>其中没有需要处理或撤回的内容</translation>
    </message>
    <message>
        <source>%1: given up, and left as it is</source>
        <translation>%1：已放弃，维持现状</translation>
    </message>
    <message>
        <source>the mark of the fault is still on it: %1</source>
        <translation>故障标记仍在其上：%1</translation>
    </message>
    <message>
        <source>given up, and left as it is</source>
        <translation>已放弃，维持现状</translation>
    </message>
    <message>
        <source>WHY</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>break it and put it back</source>
        <translation>制造故障并恢复</translation>
    </message>
    <message>
        <source>%1 (%2) was not there</source>
        <translation>%1（%2）原本不存在</translation>
    </message>
    <message>
        <source>%1, was interrupted and its damage is not put back; no journal here has it</source>
        <translation>%1，已中断，其造成的故障尚未恢复；此处没有操作日志记录它</translation>
    </message>
    <message>
        <source>%1, which may still run; no journal here has it</source>
        <translation>%1，可能仍在运行；此处没有操作日志记录它</translation>
    </message>
    <message>
        <source>the marks on the objects</source>
        <translation>对象上的标记</translation>
    </message>
    <message>
        <source>see what a drill left broken</source>
        <translation>查看演练留下的故障</translation>
    </message>
    <message>
        <source>it bears the mark of a fault (%1) that cannot be read: %2</source>
        <translation>它带有故障标记（%1），但无法读取：%2</translation>
    </message>
    <message>
        <source>Put the object back by hand, and take the annotation off.</source>
        <translation>请手动恢复该对象，并去除该注解。</translation>
    </message>
    <message>
        <source>it bears the mark of a fault of %1</source>
        <translation>它带有 %1 的故障标记</translation>
    </message>
    <message>
        <source>No request was sent.</source>
        <translation>没有发送任何请求。</translation>
    </message>
    <message>
        <source>Every request over time, by version; failures in a row of their own</source>
        <translation>按时间排列的每个请求，按版本分行；失败单独成行</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>The drill was long: of its first %1 requests only failed ones are drawn. The figures count all.</source>
        <translation>演练时间较长：在最初的 %1 个请求中只画出失败的请求。各项数字统计全部请求。</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>en</source>
        <translation>zh-CN</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复时间</translation>
    </message>
    <message>
        <source>never</source>
        <translation>未恢复</translation>
    </message>
    <message>
        <source>First seen after</source>
        <translation>首次察觉于</translation>
    </message>
    <message>
        <source>nothing to see</source>
        <translation>没有可察觉的现象</translation>
    </message>
    <message>
        <source>Failed requests</source>
        <translation>失败的请求</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Answers by version</source>
        <translation>各版本的应答</translation>
    </message>
    <message>
        <source>Failures by kind</source>
        <translation>各类失败</translation>
    </message>
    <message>
        <source>Latency (ok)</source>
        <translation>延迟（正常请求）</translation>
    </message>
    <message>
        <source>p50 %1 ms, p95 %2 ms, p99 %3 ms</source>
        <translation>p50 %1 ms，p95 %2 ms，p99 %3 ms</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Proof</source>
        <translation>证明</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Phases</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Catamaran, drill of</source>
        <translation>Catamaran，演练时间：</translation>
    </message>
    <message>
        <source>the probe “%1”, made %2</source>
        <translation>探针“%1”，创建于 %2</translation>
    </message>
    <message>
        <source>the probe “%1”, made %2 by %3</source>
        <translation>探针“%1”，由 %3 创建于 %2</translation>
    </message>
    <message>
        <source>put probes into the clusters</source>
        <translation>在集群中放置探针</translation>
    </message>
    <message>
        <source>put a probe into %1</source>
        <translation>在 %1 中放置探针</translation>
    </message>
    <message>
        <source>send from the probe in %1</source>
        <translation>从 %1 中的探针发送</translation>
    </message>
    <message>
        <source>the pod got no sidecar, so that nothing it sends goes through the mesh</source>
        <translation>该 Pod 没有得到 Sidecar，因此它发送的内容都不经过网格</translation>
    </message>
    <message>
        <source>a namespace for probes in which the mesh gives pods a sidecar</source>
        <translation>一个用于探针的命名空间，且网格会为其中的 Pod 注入 Sidecar</translation>
    </message>
    <message>
        <source>the probe “%1” (execution %2) stands since %3, %4</source>
        <translation>探针“%1”（执行记录 %2）自 %3 起存在，%4</translation>
    </message>
    <message>
        <source>%1: it is taken away there</source>
        <translation>%1：它正在那里被拆除</translation>
    </message>
    <message>
        <source>%1, stands there and may be forgotten: catamaranctl probes</source>
        <translation>%1，仍在那里，可能已被遗忘：catamaranctl probes</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Recovery (ms)</source>
        <translation>恢复时间（ms）</translation>
    </message>
    <message>
        <source>First seen after (ms)</source>
        <translation>察觉用时（ms）</translation>
    </message>
    <message>
        <source>First failure after (ms)</source>
        <translation>首次失败用时（ms）</translation>
    </message>
    <message>
        <source>Full shift after (ms)</source>
        <translation>完全切换用时（ms）</translation>
    </message>
    <message>
        <source>Longest gap (ms)</source>
        <translation>最长中断（ms）</translation>
    </message>
    <message>
        <source>Good again after the restore (ms)</source>
        <translation>恢复后正常用时（ms）</translation>
    </message>
    <message>
        <source>Never sent</source>
        <translation>从未发送</translation>
    </message>
    <message>
        <source>Slow answers</source>
        <translation>慢应答</translation>
    </message>
    <message>
        <source>Failed again after it was good</source>
        <translation>恢复正常后再次失败</translation>
    </message>
    <message>
        <source>the drill</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>the client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>what is asked for</source>
        <translation>请求的目标</translation>
    </message>
    <message>
        <source>the parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>They measure two different things; not the same is: %1</source>
        <translation>两者测量的内容不同；不一致的有：%1</translation>
    </message>
    <message>
        <source>must have exactly one of %1</source>
        <translation>必须在 %1 中恰好取其一</translation>
    </message>
    <message>
        <source>Name at least one of %1</source>
        <translation>请至少指定以下之一：%1</translation>
    </message>
    <message>
        <source>must have exactly one of steady, fault and after</source>
        <translation>必须在 steady、fault 和 after 中恰好取其一</translation>
    </message>
    <message>
        <source>comes after everything is over</source>
        <translation>出现在全部结束之后</translation>
    </message>
    <message>
        <source>Let “after” be the last stage</source>
        <translation>请将“after”作为最后一个阶段</translation>
    </message>
    <message>
        <source>is not the first stage</source>
        <translation>不是第一个阶段</translation>
    </message>
    <message>
        <source>is one stage too many: at most %1 have faults</source>
        <translation>超出阶段上限：最多 %1 个阶段可以带故障</translation>
    </message>
    <message>
        <source>holds a stage that another one follows for more than an hour</source>
        <translation>有后续阶段的阶段保持超过一小时</translation>
    </message>
    <message>
        <source>has no stage with a fault</source>
        <translation>没有带故障的阶段</translation>
    </message>
    <message>
        <source>Add one: - fault: { faults: [ … ], for: 10s }</source>
        <translation>请添加一个：- fault: { faults: [ … ], for: 10s }</translation>
    </message>
    <message>
        <source>stands beside stages, which say it</source>
        <translation>不能与 stages 并用，stages 已对此作出规定</translation>
    </message>
    <message>
        <source>Leave one of the two out</source>
        <translation>请去掉两者之一</translation>
    </message>
    <message>
        <source>guard.maxDuration must be longer than the steady stage and all faults together</source>
        <translation>guard.maxDuration 必须长于稳态阶段与所有故障的总时长</translation>
    </message>
    <message>
        <source>goes on for more than an hour after its end</source>
        <translation>在结束后还要持续超过一小时</translation>
    </message>
    <message>
        <source>cannot be the name of a parameter</source>
        <translation>不能用作参数名称</translation>
    </message>
    <message>
        <source>Letters and digits, a small letter first, at most 40</source>
        <translation>只能用字母和数字，以小写字母开头，最多 40 个字符</translation>
    </message>
    <message>
        <source>has limits, and is no integer</source>
        <translation>设有上下限，却不是整数</translation>
    </message>
    <message>
        <source>%1 stands for no parameter</source>
        <translation>%1 不对应任何参数</translation>
    </message>
    <message>
        <source>Declare it under spec.parameters</source>
        <translation>请在 spec.parameters 下声明它</translation>
    </message>
    <message>
        <source>it is too large with its parameters filled in</source>
        <translation>填入参数后过大</translation>
    </message>
    <message>
        <source>a value of %1 characters is too long</source>
        <translation>长达 %1 个字符的值过长</translation>
    </message>
    <message>
        <source>“%1” is none of: %2</source>
        <translation>“%1”不在以下各项之中：%2</translation>
    </message>
    <message>
        <source>“%1” is not a name (small letters, digits and hyphens)</source>
        <translation>“%1”不是名称（小写字母、数字和连字符）</translation>
    </message>
    <message>
        <source>“%1” is not of the form cluster/namespace/workload</source>
        <translation>“%1”不是 cluster/namespace/workload 的形式</translation>
    </message>
    <message>
        <source>“%1” is not a URL that can be filled in</source>
        <translation>“%1”不是可以填入的 URL</translation>
    </message>
    <message>
        <source>“%1” is not a whole number from %2 to %3</source>
        <translation>“%1”不是 %2 到 %3 之间的整数</translation>
    </message>
    <message>
        <source>“%1” is not a time such as 10s</source>
        <translation>“%1”不是 10s 这样的时间</translation>
    </message>
    <message>
        <source>“%1” is not a list of names with commas between them</source>
        <translation>“%1”不是以逗号分隔的名称列表</translation>
    </message>
    <message>
        <source>parameter %1: %2</source>
        <translation>参数 %1：%2</translation>
    </message>
    <message>
        <source>Give another value: -p %1=…</source>
        <translation>请给出另一个值：-p %1=…</translation>
    </message>
    <message>
        <source>it has no value</source>
        <translation>它没有值</translation>
    </message>
    <message>
        <source>it has no value (%1)</source>
        <translation>它没有值（%1）</translation>
    </message>
    <message>
        <source>Give one: -p %1=%2</source>
        <translation>请给出一个值：-p %1=%2</translation>
    </message>
    <message>
        <source>the drill has none of that name</source>
        <translation>演练没有该名称的参数</translation>
    </message>
    <message>
        <source>See: catamaranctl drill show %1</source>
        <translation>请参见：catamaranctl drill show %1</translation>
    </message>
    <message>
        <source>must be a map of parameters</source>
        <translation>必须是参数的映射</translation>
    </message>
    <message>
        <source>has more than %1 parameters</source>
        <translation>参数超过 %1 个</translation>
    </message>
    <message>
        <source>%1: %2 may not be listed</source>
        <translation>%1：无权列出 %2</translation>
    </message>
    <message>
        <source>a control plane that the cluster itself holds (a Deployment with the label app=istiod); not where a provider runs it</source>
        <translation>由集群自身承载的控制面（带有标签 app=istiod 的 Deployment）；由提供方运行控制面时不适用</translation>
    </message>
    <message>
        <source>the control plane in %1 stops and stays down (%2)</source>
        <translation>%1 中的控制面停止，并保持停止（%2）</translation>
    </message>
    <message>
        <source>the control plane in %1 gets the replicas it had, read back</source>
        <translation>%1 中的控制面恢复原有副本数，并回读确认</translation>
    </message>
    <message>
        <source>Run this drill in a cluster that holds its own istiod, or name its namespace and revision.</source>
        <translation>请在自带 istiod 的集群中运行此演练，或指定其命名空间和修订版。</translation>
    </message>
    <message>
        <source>a service with a selector, whose pods have controllers that make others; the right to delete pods</source>
        <translation>带有选择器的服务，其 Pod 由控制器管理并会重新创建；以及删除 Pod 的权限</translation>
    </message>
    <message>
        <source>all pods of %1 in %2 are deleted at once</source>
        <translation>同时删除 %2 中 %1 的所有 Pod</translation>
    </message>
    <message>
        <source>the controllers in %1 make others, which is waited for</source>
        <translation>%1 中的控制器会重新创建 Pod，并等待其完成</translation>
    </message>
    <message>
        <source>it has no selector, so its pods are not known</source>
        <translation>它没有选择器，因此无法得知它的 Pod</translation>
    </message>
    <message>
        <source>Name a service that selects pods.</source>
        <translation>请指定一个能选中 Pod 的 Service。</translation>
    </message>
    <message>
        <source>it has no pod there: the fault would change nothing</source>
        <translation>它在那里没有 Pod：故障不会改变任何东西</translation>
    </message>
    <message>
        <source>it has %1 pods; at most %2 are deleted at once</source>
        <translation>它有 %1 个 Pod；一次最多删除 %2 个</translation>
    </message>
    <message>
        <source>Scale it instead, or name a smaller service.</source>
        <translation>请改为对其缩容，或指定一个更小的服务。</translation>
    </message>
    <message>
        <source>a cross-cluster gateway in the cluster: a Service with port 15443 and the Deployment behind it</source>
        <translation>集群中的跨集群网关：带有端口 15443 的 Service 及其背后的 Deployment</translation>
    </message>
    <message>
        <source>the cross-cluster gateway of %1 goes away (%2)</source>
        <translation>%1 的跨集群网关消失（%2）</translation>
    </message>
    <message>
        <source>the Deployment behind port 15443</source>
        <translation>端口 15443 背后的 Deployment</translation>
    </message>
    <message>
        <source>the gateway of %1 gets the replicas it had, read back</source>
        <translation>%1 的网关恢复原有副本数，并回读确认</translation>
    </message>
    <message>
        <source>there is no cross-cluster gateway: no Service with port 15443 that a Deployment stands behind</source>
        <translation>没有跨集群网关：没有带端口 15443、且背后有 Deployment 的 Service</translation>
    </message>
    <message>
        <source>Name the namespace that it is in, or run this drill where clusters are on different networks.</source>
        <translation>请指定它所在的命名空间，或在集群处于不同网络的环境中运行此演练。</translation>
    </message>
    <message>
        <source>a mesh that reads VirtualServices of this cluster, and none yet that routes the host; the right to make one</source>
        <translation>读取此集群 VirtualService 的网格，且尚无 VirtualService 路由该主机；以及创建 VirtualService 的权限</translation>
    </message>
    <message>
        <source>must be from 1ms to 1h</source>
        <translation>必须在 1ms 到 1h 之间</translation>
    </message>
    <message>
        <source>neither delays nor aborts a request</source>
        <translation>既不延迟也不中止请求</translation>
    </message>
    <message>
        <source>Give delay, abort, or both</source>
        <translation>请给出 delay、abort 或两者</translation>
    </message>
    <message>
        <source>waits %1</source>
        <translation>等待 %1</translation>
    </message>
    <message>
        <source>gets %1</source>
        <translation>得到 %1</translation>
    </message>
    <message>
        <source>%1 % of the requests to %2 that leave %3: each %4</source>
        <translation>离开 %3 发往 %2 的请求中的 %1 %：每个%4</translation>
    </message>
    <message>
        <source>the VirtualService is removed from %1, read back</source>
        <translation>从 %1 删除该 VirtualService，回读确认</translation>
    </message>
    <message>
        <source>the VirtualService %1/%2 routes that host already; a second one would be merged with it or left out</source>
        <translation>VirtualService %1/%2 已路由该主机；再建一个会与之合并或被忽略</translation>
    </message>
    <message>
        <source>Rehearse this where nothing routes the host, or take the rule away first.</source>
        <translation>请在没有规则路由该主机的地方演练，或先移除该规则。</translation>
    </message>
    <message>
        <source>the client sleep in one of two clusters, and not in the other</source>
        <translation>客户端 sleep 在两个集群之一中，而不在另一个中</translation>
    </message>
    <message>
        <source>the client sleep leaves %1 and starts in %2</source>
        <translation>客户端 sleep 离开 %1，在 %2 中启动</translation>
    </message>
    <message>
        <source>sleep returns to %1 and is removed from %2, read back</source>
        <translation>sleep 回到 %1，并从 %2 删除，回读确认</translation>
    </message>
    <message>
        <source>a Deployment or a StatefulSet, and the right to patch it; no autoscaler where the number is not 0</source>
        <translation>一个 Deployment 或 StatefulSet，以及对其执行 patch 的权限；副本数不为 0 时不能有自动伸缩器</translation>
    </message>
    <message>
        <source>must name exactly one of deployment, statefulSet and workload</source>
        <translation>必须在 deployment、statefulSet 和 workload 中恰好指定其一</translation>
    </message>
    <message>
        <source>%1 in %2 goes to %3 replicas</source>
        <translation>%2 中的 %1 变为 %3 个副本</translation>
    </message>
    <message>
        <source>%1 in %2 gets the replicas it had, read back</source>
        <translation>%2 中的 %1 恢复原有副本数，并回读确认</translation>
    </message>
    <message>
        <source>there is neither a Deployment nor a StatefulSet of that name</source>
        <translation>没有该名称的 Deployment 或 StatefulSet</translation>
    </message>
    <message>
        <source>Name a workload that is there. What another controller scales (a Rollout) is not known here.</source>
        <translation>请指定一个存在的工作负载。此处不识别由其他控制器伸缩的工作负载（如 Rollout）。</translation>
    </message>
    <message>
        <source>the autoscaler %1 sets its replicas, and would put the fault back</source>
        <translation>自动伸缩器 %1 设置其副本数，会撤回故障</translation>
    </message>
    <message>
        <source>Let the drill scale it to 0, which an autoscaler leaves alone, or suspend the autoscaler.</source>
        <translation>请让演练将其缩容到 0（自动伸缩器不会处理），或暂停该自动伸缩器。</translation>
    </message>
    <message>
        <source>the fault did not hold: somebody deleted it after %1 s</source>
        <translation>故障未能保持：%1 s 后有人将其删除</translation>
    </message>
    <message>
        <source>there is no such %1</source>
        <translation>没有这个 %1</translation>
    </message>
    <message>
        <source>it is there already</source>
        <translation>它已经存在</translation>
    </message>
    <message>
        <source>Restore an earlier drill, or take it away, and try again.</source>
        <translation>请恢复先前的演练，或将其移除，然后重试。</translation>
    </message>
    <message>
        <source>every answer good again within %1 ms</source>
        <translation>%1 ms 内全部应答恢复正常</translation>
    </message>
    <message>
        <source>not measured: %1</source>
        <translation>未测得：%1</translation>
    </message>
    <message>
        <source>every answer good again within %1 ms of the restore</source>
        <translation>恢复后 %1 ms 内全部应答恢复正常</translation>
    </message>
    <message>
        <source>%1 of %2 requests failed</source>
        <translation>%2 个请求中 %1 个失败</translation>
    </message>
    <message>
        <source>at most %1 failed requests</source>
        <translation>最多 %1 个请求失败</translation>
    </message>
    <message>
        <source>everything is put back</source>
        <translation>所有改动都已恢复</translation>
    </message>
    <message>
        <source>before</source>
        <translation>故障前</translation>
    </message>
    <message>
        <source>while it struck</source>
        <translation>故障注入期间</translation>
    </message>
    <message>
        <source>while it was broken</source>
        <translation>故障期间</translation>
    </message>
    <message>
        <source>from the restore on</source>
        <translation>自恢复起</translation>
    </message>
    <message>
        <source> (stage “%1”)</source>
        <translation>（阶段“%1”）</translation>
    </message>
    <message>
        <source>Not every answer was good again after the restore.</source>
        <translation>恢复后并非全部应答都恢复正常。</translation>
    </message>
    <message>
        <source>After the restore every answer was good again after %1 ms; the hypothesis allows %2 ms.</source>
        <translation>恢复后 %1 ms 全部应答恢复正常；假设允许 %2 ms。</translation>
    </message>
    <message>
        <source>nothing could be proven: %1</source>
        <translation>什么也没能证明：%1</translation>
    </message>
    <message>
        <source>%1: answered by %2 a moment ago</source>
        <translation>%1：刚刚由 %2 应答</translation>
    </message>
    <message>
        <source>%1: %2 keeps requests at home, so none of %3 went there</source>
        <translation>%1：%2 将请求留在本地，因此 %3 个请求都没有到达那里</translation>
    </message>
    <message>
        <source>%1: none of %2 requests was answered from there</source>
        <translation>%1：%2 个请求都没有得到那里的应答</translation>
    </message>
    <message>
        <source>%1 names no service of a cluster: who answers when %2 does not is not known</source>
        <translation>%1 不是集群中的服务：不清楚 %2 不应答时由谁应答</translation>
    </message>
    <message>
        <source>whether another cluster could take over is not known: %1</source>
        <translation>不确定另一个集群能否接管：%1</translation>
    </message>
    <message>
        <source>nobody would take over what %1 loses: no other pod of %2 is ready in %3</source>
        <translation>%1 失去的部分将无人接管：%3 中没有 %2 的其他就绪 Pod</translation>
    </message>
    <message>
        <source>pods of %1 stay where the client, or the loss, is</source>
        <translation>客户端或故障所在之处仍有 %1 的 Pod</translation>
    </message>
    <message>
        <source>it is not proven that another side can take over: %1</source>
        <translation>未证明另一侧能够接管：%1</translation>
    </message>
    <message>
        <source>Prove it first (catamaranctl matrix), or say that it may run all the same: --yes-unproven</source>
        <translation>请先证明它（catamaranctl matrix），或声明未经证明也可运行：--yes-unproven</translation>
    </message>
    <message>
        <source>Of these never sent</source>
        <translation>其中从未发送</translation>
    </message>
    <message>
        <source>First failure after</source>
        <translation>首次失败用时</translation>
    </message>
    <message>
        <source>Full shift after</source>
        <translation>完全切换用时</translation>
    </message>
    <message>
        <source>Longest time without a good answer</source>
        <translation>无正常应答的最长时间</translation>
    </message>
    <message>
        <source>Good again after the restore</source>
        <translation>恢复后正常用时</translation>
    </message>
    <message>
        <source>Slow answers (over 1 s)</source>
        <translation>慢应答（超过 1 s）</translation>
    </message>
    <message>
        <source>%1 of %2 failed; %3</source>
        <translation>%2 个中 %1 个失败；%3</translation>
    </message>
    <message>
        <source>The other side</source>
        <translation>另一侧</translation>
    </message>
    <message>
        <source>was not proven; it was run all the same</source>
        <translation>未证明；但照样运行了</translation>
    </message>
    <message>
        <source>not proven, and run all the same: %1</source>
        <translation>未证明，但照样运行了：%1</translation>
    </message>
    <message>
        <source>%1 %2 made</source>
        <translation>已创建 %1 %2</translation>
    </message>
    <message>
        <source>it was stopped</source>
        <translation>它被中止</translation>
    </message>
    <message>
        <source>it did not say that it stands sentry</source>
        <translation>它没有报告已开始值守</translation>
    </message>
    <message>
        <source>post a sentry that restores when this process is killed</source>
        <translation>启动值守进程，在本进程被强行终止时执行恢复</translation>
    </message>
    <message>
        <source>The drill can run without one: what it breaks is written down first, and “catamaranctl drill restore” puts it back.</source>
        <translation>没有它演练也能运行：要破坏的内容会事先记下，“catamaranctl drill restore”可将其恢复。</translation>
    </message>
    <message>
        <source>process %1 stands sentry: it puts everything back when this one is killed</source>
        <translation>进程 %1 正在值守：本进程被强行终止时，它会恢复所有改动</translation>
    </message>
    <message>
        <source>%1 cannot be asked: %2</source>
        <translation>无法询问 %1：%2</translation>
    </message>
    <message>
        <source>%1 Deployments would go away; at most %2 do at once</source>
        <translation>将有 %1 个 Deployment 消失；一次最多 %2 个</translation>
    </message>
    <message>
        <source>Name a namespace with fewer of them.</source>
        <translation>请指定一个数量较少的命名空间。</translation>
    </message>
    <message>
        <source>the cluster holds no control plane (no Deployment with %1): there is none, or a provider runs it elsewhere, where nothing here can stop it</source>
        <translation>该集群中没有控制面（没有带 %1 的 Deployment）：要么不存在，要么由提供方在别处运行，这里无法停止它</translation>
    </message>
    <message>
        <source>no controller would replace its pod %1</source>
        <translation>没有控制器会替换它的 Pod %1</translation>
    </message>
    <message>
        <source>Name a service whose pods belong to a Deployment or the like.</source>
        <translation>请指定一个其 Pod 属于 Deployment 之类控制器的服务。</translation>
    </message>
    <message>
        <source>is no window of a guard</source>
        <translation>不是有效的防护时间窗口</translation>
    </message>
    <message>
        <source>Give one from 1s to 1m.</source>
        <translation>请给出 1s 到 1m 之间的值。</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>more than %1 requests fail one after the other</source>
        <translation>连续失败的请求超过 %1 个</translation>
    </message>
    <message>
        <source>more than %1 % of the requests of %2 fail</source>
        <translation>%2 内超过 %1 % 的请求失败</translation>
    </message>
    <message>
        <source>more than %1 % of the answers of %2 take longer than %3</source>
        <translation>%2 内超过 %1 % 的应答用时超过 %3</translation>
    </message>
    <message>
        <source>what was broken cannot be seen for %1</source>
        <translation>有 %1 无法观测被破坏的对象</translation>
    </message>
    <message>
        <source>it takes longer than %1</source>
        <translation>用时超过 %1</translation>
    </message>
    <message>
        <source>failed in a row</source>
        <translation>连续失败</translation>
    </message>
    <message>
        <source>failed lately</source>
        <translation>近期失败</translation>
    </message>
    <message>
        <source>too slow lately</source>
        <translation>近期过慢</translation>
    </message>
    <message>
        <source>out of sight</source>
        <translation>无法观测</translation>
    </message>
    <message>
        <source>time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>the guard stopped it: %1 of the last requests failed, at most %2 may</source>
        <translation>防护机制已将其终止：最近的请求中有 %1 失败，最多允许 %2</translation>
    </message>
    <message>
        <source>the guard stopped it: %1 of the last answers came too late, at most %2 may</source>
        <translation>防护机制已将其终止：最近的应答中有 %1 过慢，最多允许 %2</translation>
    </message>
    <message>
        <source>the guard stopped it: what was broken has not been seen for %1</source>
        <translation>防护机制已将其终止：已有 %1 无法观测被破坏的对象</translation>
    </message>
    <message>
        <source>Guard: %1</source>
        <translation>防护：%1</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n 次演练</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 held</source>
        <translation>%1 次达成预期</translation>
    </message>
    <message>
        <source>good again after %1 ms at best, %2 ms in the middle, %3 ms at worst</source>
        <translation>恢复正常用时：最短 %1 ms，中位 %2 ms，最长 %3 ms</translation>
    </message>
    <message>
        <source>never good again before it was put back: %1</source>
        <translation>恢复改动前始终未恢复正常：%1 次</translation>
    </message>
    <message>
        <source>came to %1</source>
        <translation>达到 %1</translation>
    </message>
    <message>
        <source>no request failed</source>
        <translation>没有失败的请求</translation>
    </message>
    <message>
        <source>.</source>
        <translation>。</translation>
    </message>
</context>
<context>
    <name>Error</name>
    <message>
        <source>Could not %1</source>
        <translation>无法%1</translation>
    </message>
    <message>
        <source>Could not %1 (%2)</source>
        <translation>无法%1（%2）</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1.</source>
        <translation>%1。</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1%2</translation>
    </message>
</context>
<context>
    <name>Findings</name>
    <message>
        <source>read the accepted findings</source>
        <translation>读取已接受的诊断结果</translation>
    </message>
    <message>
        <source>there is no rule “%1”</source>
        <translation>没有规则“%1”</translation>
    </message>
    <message>
        <source>is no day</source>
        <translation>不是日期</translation>
    </message>
    <message>
        <source>Write it as 2027-01-31.</source>
        <translation>请写成 2027-01-31 的形式。</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>为空</translation>
    </message>
    <message>
        <source>Say why it is wanted so.</source>
        <translation>请说明为什么要这样。</translation>
    </message>
    <message>
        <source>has more than %1 entries</source>
        <translation>超过 %1 个条目</translation>
    </message>
    <message>
        <source>it was not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>Not known of %1: “%2” needs %3.</source>
        <translation>%1 的情况未知：“%2”需要 %3。</translation>
    </message>
    <message>
        <source>Ask whoever administers %1 for the right: %2.</source>
        <translation>请向 %1 的管理员申请此权限：%2。</translation>
    </message>
    <message>
        <source>See why %1 does not answer.</source>
        <translation>请查看 %1 为何没有应答。</translation>
    </message>
    <message>
        <source>Not known: “%1” needs the account&apos;s list of meshes.</source>
        <translation>未知：“%1”需要该账号的网格列表。</translation>
    </message>
    <message>
        <source>See why the cloud account does not answer.</source>
        <translation>请查看云账号为何没有应答。</translation>
    </message>
    <message>
        <source>No: %1.</source>
        <translation>否：%1。</translation>
    </message>
    <message>
        <source>Not known: %1.</source>
        <translation>未知：%1。</translation>
    </message>
    <message>
        <source>Yes: %1 answers when the endpoints in %2 fail.</source>
        <translation>是：%2 中的服务端点失效时，由 %1 应答。</translation>
    </message>
    <message>
        <source>clients in %1 have a sidecar</source>
        <translation>%1 中的客户端有 Sidecar</translation>
    </message>
    <message>
        <source>clients in %1 have no sidecar: they go to the cluster&apos;s own address</source>
        <translation>%1 中的客户端没有 Sidecar：它们访问集群自身的地址</translation>
    </message>
    <message>
        <source>whether clients have a sidecar could not be read</source>
        <translation>无法读取客户端是否有 Sidecar</translation>
    </message>
    <message>
        <source>Turn injection on for the namespace and restart its pods.</source>
        <translation>请为该命名空间启用注入，并重启其 Pod。</translation>
    </message>
    <message>
        <source>%1 has ready endpoints that are reached</source>
        <translation>%1 有可以到达的就绪服务端点</translation>
    </message>
    <message>
        <source>whether the other clusters&apos; endpoints are reached is not known</source>
        <translation>不清楚能否到达其他集群的服务端点</translation>
    </message>
    <message>
        <source>the other clusters&apos; endpoints are not reached: %1</source>
        <translation>无法到达其他集群的服务端点：%1</translation>
    </message>
    <message>
        <source>the endpoints of other clusters could not be read</source>
        <translation>无法读取其他集群的服务端点</translation>
    </message>
    <message>
        <source>Grant the right to list services and endpointslices there.</source>
        <translation>请授予在那里列出 services 和 endpointslices 的权限。</translation>
    </message>
    <message>
        <source>no other cluster has a ready endpoint of it</source>
        <translation>其他集群都没有它的就绪服务端点</translation>
    </message>
    <message>
        <source>Run it in another cluster too, with the same Service.</source>
        <translation>请在另一个集群中也运行它，并使用相同的 Service。</translation>
    </message>
    <message>
        <source>the routes could not be read</source>
        <translation>无法读取路由</translation>
    </message>
    <message>
        <source>Grant the right to list virtualservices.</source>
        <translation>请授予列出 virtualservices 的权限。</translation>
    </message>
    <message>
        <source>no route keeps it in one cluster</source>
        <translation>没有路由将它限制在一个集群内</translation>
    </message>
    <message>
        <source>its route leads to the subset %1, which no other cluster has</source>
        <translation>其路由指向子集 %1，而其他集群都没有该子集</translation>
    </message>
    <message>
        <source>Route to the host without subset, or run this version in another cluster too.</source>
        <translation>请路由到该主机而不指定子集，或在另一个集群中也运行此版本。</translation>
    </message>
    <message>
        <source>failed connections are tried again elsewhere</source>
        <translation>失败的连接会在别处重试</translation>
    </message>
    <message>
        <source>its route turns retries off: each failed connection is an error until the endpoint is ejected</source>
        <translation>其路由关闭了重试：在服务端点被摘除之前，每次失败的连接都是一个错误</translation>
    </message>
    <message>
        <source>Leave retries at the default.</source>
        <translation>请将重试保留为默认值。</translation>
    </message>
    <message>
        <source>the mesh configuration lets it out of its cluster</source>
        <translation>网格配置允许它离开其集群</translation>
    </message>
    <message>
        <source>the mesh configuration keeps it inside its cluster</source>
        <translation>网格配置将它限制在其集群内</translation>
    </message>
    <message>
        <source>Remove the host from serviceSettings.</source>
        <translation>请从 serviceSettings 中移除该主机。</translation>
    </message>
    <message>
        <source>outlier detection could not be read</source>
        <translation>无法读取异常点检测</translation>
    </message>
    <message>
        <source>Grant the right to list destinationrules.</source>
        <translation>请授予列出 destinationrules 的权限。</translation>
    </message>
    <message>
        <source>no DestinationRule</source>
        <translation>没有 DestinationRule</translation>
    </message>
    <message>
        <source>Set outlierDetection with maxEjectionPercent 100 in a DestinationRule, in all clusters.</source>
        <translation>请在所有集群的 DestinationRule 中设置 outlierDetection，并将 maxEjectionPercent 设为 100。</translation>
    </message>
    <message>
        <source>endpoints that answer with errors are left (outlier detection)</source>
        <translation>会离开以错误应答的服务端点（异常点检测）</translation>
    </message>
    <message>
        <source>there is no outlier detection: endpoints that answer with errors are not left, only those whose pods stop being ready</source>
        <translation>没有异常点检测：只会离开其 Pod 不再就绪的服务端点，不会离开以错误应答的服务端点</translation>
    </message>
    <message>
        <source>all endpoints of a cluster may be ejected</source>
        <translation>集群的所有服务端点都可以被摘除</translation>
    </message>
    <message>
        <source>only %1 % of the endpoints may be ejected, which is never the last one</source>
        <translation>最多只能摘除 %1% 的服务端点，因此绝不会摘除最后一个</translation>
    </message>
    <message>
        <source>errors are counted</source>
        <translation>会统计错误</translation>
    </message>
    <message>
        <source>outlier detection counts no errors</source>
        <translation>异常点检测不统计错误</translation>
    </message>
    <message>
        <source>sick endpoints stay out</source>
        <translation>不健康的服务端点保持摘除</translation>
    </message>
    <message>
        <source>below %1 % healthy endpoints the sick ones are used again</source>
        <translation>健康服务端点低于 %1% 时，会重新使用不健康的服务端点</translation>
    </message>
    <message>
        <source>Leave minHealthPercent at 0.</source>
        <translation>请将 minHealthPercent 保持为 0。</translation>
    </message>
    <message>
        <source>shares are not fixed by locality</source>
        <translation>份额未按位置固定</translation>
    </message>
    <message>
        <source>shares are fixed by locality: those that are not listed get nothing</source>
        <translation>份额按位置固定：未列出的位置什么也得不到</translation>
    </message>
    <message>
        <source>Use failover or failoverPriority instead of distribute.</source>
        <translation>请使用 failover 或 failoverPriority 代替 distribute。</translation>
    </message>
    <message>
        <source>clients prefer their own cluster (nodes have regions)</source>
        <translation>客户端优先使用自己的集群（节点有地域）</translation>
    </message>
    <message>
        <source>nodes say no region: clients use all clusters alike</source>
        <translation>节点没有标明地域：客户端对所有集群一视同仁</translation>
    </message>
    <message>
        <source>Label the nodes with topology.kubernetes.io/region and zone.</source>
        <translation>请为节点添加标签 topology.kubernetes.io/region 和 zone。</translation>
    </message>
    <message>
        <source>connections to nobody are given up soon</source>
        <translation>无人应答的连接很快被放弃</translation>
    </message>
    <message>
        <source>a connection that nobody answers is waited for %1 ms</source>
        <translation>无人应答的连接会等待 %1 ms</translation>
    </message>
    <message>
        <source>Set connectionPool.tcp.connectTimeout to 1s or 2s.</source>
        <translation>请将 connectionPool.tcp.connectTimeout 设置为 1s 或 2s。</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1，另有 %2 个</translation>
    </message>
    <message>
        <source>The clock of %1 is %2 seconds ahead of this machine&apos;s.</source>
        <translation>%1 的时钟比本机快 %2 秒。</translation>
    </message>
    <message>
        <source>The clock of %1 is %2 seconds behind this machine&apos;s.</source>
        <translation>%1 的时钟比本机慢 %2 秒。</translation>
    </message>
    <message>
        <source>Date of its answer: %1 s off</source>
        <translation>其应答的日期：相差 %1 s</translation>
    </message>
    <message>
        <source>%1 has %2 %3 and %4 has %5: that is too far apart.</source>
        <translation>%1 的 %2 为 %3，而 %4 的为 %5：相差过大。</translation>
    </message>
    <message>
        <source>Kubernetes</source>
        <translation>Kubernetes</translation>
    </message>
    <message>
        <source>a control plane of version</source>
        <translation>控制面版本</translation>
    </message>
    <message>
        <source>Proxies of %1 are more than one version away from their control plane (%2): %3.</source>
        <translation>%1 的代理与其控制面（%2）相差超过一个版本：%3。</translation>
    </message>
    <message>
        <source>The control plane of %1 (%2) may lose endpoints and gateways of another cluster when its remote secret changes.</source>
        <translation>当其他集群的远程 Secret 变更时，%1 的控制面（%2）可能丢失该集群的服务端点和网关。</translation>
    </message>
    <message>
        <source>Nodes of %1 are not ready: %2.</source>
        <translation>%1 的节点未就绪：%2。</translation>
    </message>
    <message>
        <source>Clocks agree</source>
        <translation>时钟一致</translation>
    </message>
    <message>
        <source>Certificates and tokens are valid from a moment on: a clock that is behind refuses what another one just issued. Times in reports are of different clocks.</source>
        <translation>证书和令牌从某一时刻起有效：偏慢的时钟会拒绝另一方刚刚签发的内容。报告中的时间来自不同的时钟。</translation>
    </message>
    <message>
        <source>Synchronise the clocks of nodes, API servers and of this machine (NTP).</source>
        <translation>请同步节点、API Server 和本机的时钟（NTP）。</translation>
    </message>
    <message>
        <source>Kubernetes versions are close</source>
        <translation>Kubernetes 版本相近</translation>
    </message>
    <message>
        <source>One control plane reads all clusters with one client; far apart, kinds and fields differ.</source>
        <translation>一个控制面用同一个客户端读取所有集群；版本相差过大时，类型和字段会不同。</translation>
    </message>
    <message>
        <source>Upgrade the older cluster.</source>
        <translation>请升级较旧的集群。</translation>
    </message>
    <message>
        <source>Control planes have close versions</source>
        <translation>控制面版本相近</translation>
    </message>
    <message>
        <source>Primaries more than one version apart give their proxies configuration that differs.</source>
        <translation>版本相差超过一个的主控制面，会给各自的代理下发不同的配置。</translation>
    </message>
    <message>
        <source>Upgrade the older control plane, one version at a time.</source>
        <translation>请升级较旧的控制面，每次升级一个版本。</translation>
    </message>
    <message>
        <source>Proxies have the version of their control plane, or the one before</source>
        <translation>代理的版本与其控制面相同，或低一个版本</translation>
    </message>
    <message>
        <source>Sidecars are upgraded when their pods are made anew.</source>
        <translation>Sidecar 在其 Pod 重新创建时升级。</translation>
    </message>
    <message>
        <source>Restart these pods.</source>
        <translation>请重启这些 Pod。</translation>
    </message>
    <message>
        <source>The control plane survives a change of a remote secret</source>
        <translation>控制面能承受远程 Secret 的变更</translation>
    </message>
    <message>
        <source>Versions 1.30.0 to 1.30.3 build the new client before they drop the old one, and some of what was read is lost with it.</source>
        <translation>1.30.0 至 1.30.3 版本在丢弃旧客户端之前就建立新客户端，已读取的部分内容会随之丢失。</translation>
    </message>
    <message>
        <source>After changing a remote secret compare the endpoints and restart the control plane if some are gone; upgrade.</source>
        <translation>变更远程 Secret 后，请比对服务端点，如有丢失则重启控制面；请升级。</translation>
    </message>
    <message>
        <source>Nodes are ready</source>
        <translation>节点已就绪</translation>
    </message>
    <message>
        <source>Pods of a node that is gone stay in the lists of endpoints for some 40 seconds.</source>
        <translation>节点消失后，其上的 Pod 仍会在服务端点列表中停留约 40 秒。</translation>
    </message>
    <message>
        <source>Look at the node&apos;s conditions.</source>
        <translation>请查看该节点的状况。</translation>
    </message>
    <message>
        <source>%1 holds no remote secret for %2: its proxies know nothing of what runs there.</source>
        <translation>%1 没有 %2 的远程 Secret：其代理对那里运行的内容一无所知。</translation>
    </message>
    <message>
        <source>%1 remote secrets</source>
        <translation>%1 个远程 Secret</translation>
    </message>
    <message>
        <source>%1 holds %2 remote secrets for %3: after a restart the first by name wins, the others are refused.</source>
        <translation>%1 有 %2 个用于 %3 的远程 Secret：重启后按名称排序的第一个生效，其余的会被拒绝。</translation>
    </message>
    <message>
        <source>%1 files %2 under the id %3, but its control plane calls itself %4.</source>
        <translation>%1 将 %2 登记在 ID %3 之下，但其控制面自称 %4。</translation>
    </message>
    <message>
        <source>key %1, server %2</source>
        <translation>键 %1，server %2</translation>
    </message>
    <message>
        <source>A remote secret of %1 has %1&apos;s own id: it is ignored.</source>
        <translation>%1 的一个远程 Secret 使用了 %1 自己的 ID：它会被忽略。</translation>
    </message>
    <message>
        <source>A remote secret of %1 says two ids: %2 in its annotation, %3 as its key, which is what counts.</source>
        <translation>%1 的一个远程 Secret 写有两个 ID：注解中为 %2，键为 %3，以键为准。</translation>
    </message>
    <message>
        <source>networking.istio.io/cluster: %1</source>
        <translation>networking.istio.io/cluster: %1</translation>
    </message>
    <message>
        <source>A control plane does not take the kubeconfig in %1&apos;s remote secret for %2, and does not try again.</source>
        <translation>控制面不接受 %1 用于 %2 的远程 Secret 中的 kubeconfig，也不会再次尝试。</translation>
    </message>
    <message>
        <source>The CA in %1&apos;s remote secret for %2 is not the one of that API server: it holds only until %1&apos;s control plane restarts.</source>
        <translation>%1 用于 %2 的远程 Secret 中的 CA 不是该 API Server 的 CA：它只能维持到 %1 的控制面重启。</translation>
    </message>
    <message>
        <source>the secret trusts %1…</source>
        <translation>该 Secret 信任 %1…</translation>
    </message>
    <message>
        <source>kube-root-ca.crt is %1…</source>
        <translation>kube-root-ca.crt 为 %1…</translation>
    </message>
    <message>
        <source>%1&apos;s remote secret for %2 names an address of this machine: in a pod that is the pod itself.</source>
        <translation>%1 用于 %2 的远程 Secret 指定了本机地址：在 Pod 中，这就是该 Pod 自身。</translation>
    </message>
    <message>
        <source>server: %1</source>
        <translation>server: %1</translation>
    </message>
    <message>
        <source>The credential in %1&apos;s remote secret for %2 has expired: it holds only until %1&apos;s control plane restarts.</source>
        <translation>%1 用于 %2 的远程 Secret 中的凭证已过期：它只能维持到 %1 的控制面重启。</translation>
    </message>
    <message>
        <source>The credential in %1&apos;s remote secret for %2 expires in %3 days.</source>
        <translation>%1 用于 %2 的远程 Secret 中的凭证将在 %3 天后过期。</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>有效期至 %1</translation>
    </message>
    <message>
        <source>%2 does not accept the token in %1&apos;s remote secret any more: it holds only until %1&apos;s control plane restarts.</source>
        <translation>%2 不再接受 %1 的远程 Secret 中的令牌：它只能维持到 %1 的控制面重启。</translation>
    </message>
    <message>
        <source>authenticated: false</source>
        <translation>authenticated: false</translation>
    </message>
    <message>
        <source>The service account that %1&apos;s remote secret for %2 stands for was made anew: its token is dead, and it holds only until %1&apos;s control plane restarts.</source>
        <translation>%1 用于 %2 的远程 Secret 所代表的 ServiceAccount 已被重新创建：其令牌已失效，它只能维持到 %1 的控制面重启。</translation>
    </message>
    <message>
        <source>the token is of the account with uid %1</source>
        <translation>该令牌属于 uid 为 %1 的账号</translation>
    </message>
    <message>
        <source>there is no %1</source>
        <translation>没有 %1</translation>
    </message>
    <message>
        <source>%1 has uid %2</source>
        <translation>%1 的 uid 为 %2</translation>
    </message>
    <message>
        <source>%1 have the same cluster id %2: each takes the other&apos;s remote secret for its own and ignores it.</source>
        <translation>%1 的集群 ID 同为 %2：各自都把对方的远程 Secret 当作自己的而忽略。</translation>
    </message>
    <message>
        <source>CLUSTER_ID: %1</source>
        <translation>CLUSTER_ID: %1</translation>
    </message>
    <message>
        <source>%1 is of the mesh %2, %3 of %4.</source>
        <translation>%1 属于网格 %2，%3 属于 %4。</translation>
    </message>
    <message>
        <source>global.meshID: %1</source>
        <translation>global.meshID: %1</translation>
    </message>
    <message>
        <source>The namespace istio-system of %1 has no network label: pods without a sidecar fall back to it and are dialled at their own addresses.</source>
        <translation>%1 的命名空间 istio-system 没有网络标签：没有 Sidecar 的 Pod 会回退到它，并按各自的地址被直接连接。</translation>
    </message>
    <message>
        <source>%1 has no network: other clusters dial its pods at their own addresses, which they cannot reach.</source>
        <translation>%1 没有网络：其他集群按其 Pod 自身的地址连接，而这些地址无法访问。</translation>
    </message>
    <message>
        <source>no label topology.istio.io/network</source>
        <translation>没有标签 topology.istio.io/network</translation>
    </message>
    <message>
        <source>Pods of %1 say that they are on %2, and the cluster is on %3: addresses are dialled that cannot be reached.</source>
        <translation>%1 的 Pod 表示自己在 %2 上，而集群在 %3 上：会连接无法访问的地址。</translation>
    </message>
    <message>
        <source>on %1: %2</source>
        <translation>在 %1 上：%2</translation>
    </message>
    <message>
        <source>istio-system: topology.istio.io/network=%1</source>
        <translation>istio-system: topology.istio.io/network=%1</translation>
    </message>
    <message>
        <source>Pods of %1 were made before its network was set and have none: they go through a gateway even to their own cluster (%2).</source>
        <translation>%1 的一些 Pod 创建于设置网络之前，没有网络：它们即使访问自己的集群也要经过网关（%2）。</translation>
    </message>
    <message>
        <source>no network: %1</source>
        <translation>没有网络：%1</translation>
    </message>
    <message>
        <source>%1 and %2 are on one network, and their pods have the same addresses.</source>
        <translation>%1 和 %2 在同一个网络上，而它们的 Pod 地址相同。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>meshNetworks of %1 takes %2 from the cluster id %3, which no cluster has.</source>
        <translation>%1 的 meshNetworks 从集群 ID %3 获取 %2，而没有集群使用该 ID。</translation>
    </message>
    <message>
        <source>fromRegistry: %1</source>
        <translation>fromRegistry: %1</translation>
    </message>
    <message>
        <source>meshNetworks of %1 names %2 as the gateway of %3, which no cluster has.</source>
        <translation>%1 的 meshNetworks 指定 %2 为 %3 的网关，而没有集群拥有它。</translation>
    </message>
    <message>
        <source>registryServiceName: %1</source>
        <translation>registryServiceName: %1</translation>
    </message>
    <message>
        <source>The mesh configuration of %1 cannot be read: its control plane keeps what it had and starts without it.</source>
        <translation>无法读取 %1 的网格配置：其控制面保留原有的配置，重启后则没有该配置。</translation>
    </message>
    <message>
        <source>No control plane runs in %1: no pod is made, changes do not reach its proxies, and their certificates end within 24 hours.</source>
        <translation>%1 中没有控制面在运行：无法创建 Pod，变更无法到达其代理，其证书会在 24 小时内到期。</translation>
    </message>
    <message>
        <source>The pods of %1 in %2 have no sidecar, for their namespace does not inject: they are offered to no other network.</source>
        <translation>%2 中 %1 的 Pod 没有 Sidecar，因为其命名空间未启用注入：它们不会提供给任何其他网络。</translation>
    </message>
    <message>
        <source>%1 pods without istio-proxy</source>
        <translation>%1 个 Pod 没有 istio-proxy</translation>
    </message>
    <message>
        <source>Pods of %1 in %2 have no sidecar although the namespace injects: %3.</source>
        <translation>%2 中 %1 的一些 Pod 没有 Sidecar，尽管命名空间已启用注入：%3。</translation>
    </message>
    <message>
        <source>without istio-proxy: %1</source>
        <translation>没有 istio-proxy：%1</translation>
    </message>
    <message>
        <source>Every control plane holds a remote secret for every other cluster</source>
        <translation>每个控制面都持有其他每个集群的远程 Secret</translation>
    </message>
    <message>
        <source>A control plane learns services and endpoints of another cluster through a remote secret. Without it clients stay in their own cluster, and no request fails.</source>
        <translation>控制面通过远程 Secret 得知其他集群的服务和服务端点。缺少它时，客户端停留在自己的集群内，且没有请求失败。</translation>
    </message>
    <message>
        <source>Make the remote secret with istioctl create-remote-secret.</source>
        <translation>请用 istioctl create-remote-secret 创建远程 Secret。</translation>
    </message>
    <message>
        <source>One remote secret per cluster</source>
        <translation>每个集群只有一个远程 Secret</translation>
    </message>
    <message>
        <source>Of several secrets for one id the first by name is used after a restart; the others are refused as already registered. An old one that sorts first takes the cluster away.</source>
        <translation>同一个 ID 有多个 Secret 时，重启后使用按名称排序的第一个；其余的因已注册而被拒绝。排在最前的旧 Secret 会使该集群丢失。</translation>
    </message>
    <message>
        <source>Delete the secret that is not the one in use, then restart the control plane.</source>
        <translation>请删除未在使用的 Secret，然后重启控制面。</translation>
    </message>
    <message>
        <source>Remote secrets use the ids that the clusters have</source>
        <translation>远程 Secret 使用集群自己的 ID</translation>
    </message>
    <message>
        <source>The key of a remote secret is the id that the cluster&apos;s endpoints are filed under. With another one requests pass, but what selects by cluster does not match, and a second secret with the right id doubles the cluster.</source>
        <translation>远程 Secret 的键就是登记该集群服务端点所用的 ID。使用其他 ID 时请求能通过，但按集群选择的规则不会匹配，而第二个 ID 正确的 Secret 会使该集群重复。</translation>
    </message>
    <message>
        <source>Make the secret again with create-remote-secret --name and the cluster&apos;s own id.</source>
        <translation>请用 create-remote-secret --name 和集群自己的 ID 重新创建该 Secret。</translation>
    </message>
    <message>
        <source>No remote secret is for the own cluster</source>
        <translation>没有用于自己集群的远程 Secret</translation>
    </message>
    <message>
        <source>A secret whose key is the reader&apos;s own id is ignored.</source>
        <translation>键为读取方自己 ID 的 Secret 会被忽略。</translation>
    </message>
    <message>
        <source>Delete it, or make it again with the id of the cluster that it is for.</source>
        <translation>请删除它，或用它所对应集群的 ID 重新创建。</translation>
    </message>
    <message>
        <source>Remote secrets say one id</source>
        <translation>远程 Secret 只写有一个 ID</translation>
    </message>
    <message>
        <source>The key of the data is the cluster&apos;s id; the annotation is for people and misleads them when it differs.</source>
        <translation>数据的键就是集群的 ID；注解是给人看的，与键不同时会误导人。</translation>
    </message>
    <message>
        <source>Make the secret again.</source>
        <translation>请重新创建该 Secret。</translation>
    </message>
    <message>
        <source>Remote secrets hold a kubeconfig that a control plane takes</source>
        <translation>远程 Secret 含有控制面接受的 kubeconfig</translation>
    </message>
    <message>
        <source>Broken kubeconfigs, and those that name programs or files, are refused once and not tried again.</source>
        <translation>损坏的 kubeconfig，以及指定了程序或文件的 kubeconfig，会被拒绝一次，且不再尝试。</translation>
    </message>
    <message>
        <source>Make the secret again with istioctl create-remote-secret.</source>
        <translation>请用 istioctl create-remote-secret 重新创建该 Secret。</translation>
    </message>
    <message>
        <source>Remote secrets trust the API server that they are for</source>
        <translation>远程 Secret 信任其对应的 API Server</translation>
    </message>
    <message>
        <source>With another CA the control plane cannot read the cluster (x509: unknown authority). One that runs lives on what it read before; after its restart nothing of that cluster is known.</source>
        <translation>CA 不同时，控制面无法读取该集群（x509: unknown authority）。运行中的控制面依靠之前读取的内容维持；重启后对该集群一无所知。</translation>
    </message>
    <message>
        <source>Make the remote secret again from the cluster that it is for.</source>
        <translation>请从其对应的集群重新创建远程 Secret。</translation>
    </message>
    <message>
        <source>Remote secrets name addresses that pods reach</source>
        <translation>远程 Secret 指定的地址可由 Pod 访问</translation>
    </message>
    <message>
        <source>The address in a remote secret is dialled from a pod of the other cluster. localhost there is the pod.</source>
        <translation>远程 Secret 中的地址是从另一个集群的 Pod 中连接的。在那里，localhost 就是该 Pod。</translation>
    </message>
    <message>
        <source>Make the secret again with --server and an address that the other cluster reaches.</source>
        <translation>请用 --server 和另一个集群能够访问的地址重新创建该 Secret。</translation>
    </message>
    <message>
        <source>No credential of a remote secret is about to expire</source>
        <translation>远程 Secret 的凭证均未临近过期</translation>
    </message>
    <message>
        <source>A control plane whose credential has expired goes on with what it read, says that it is synced, and knows nothing of the cluster after its restart.</source>
        <translation>凭证已过期的控制面会继续使用已读取的内容，显示已同步，而重启后对该集群一无所知。</translation>
    </message>
    <message>
        <source>Make the remote secret again, with a token that does not expire.</source>
        <translation>请用不会过期的令牌重新创建远程 Secret。</translation>
    </message>
    <message>
        <source>Tokens of remote secrets are accepted</source>
        <translation>远程 Secret 的令牌被接受</translation>
    </message>
    <message>
        <source>The API server that made the token was asked whether it still is one (TokenReview). All traffic is good while the control plane that holds it keeps running; when it restarts, everything across is lost.</source>
        <translation>已向签发该令牌的 API Server 查询它是否仍然有效（TokenReview）。只要持有它的控制面一直运行，所有流量都正常；一旦重启，所有跨集群内容都会丢失。</translation>
    </message>
    <message>
        <source>Make the remote secret again from the cluster that it is for, before the control plane restarts.</source>
        <translation>请在控制面重启之前，从其对应的集群重新创建远程 Secret。</translation>
    </message>
    <message>
        <source>Tokens of remote secrets are of accounts that exist</source>
        <translation>远程 Secret 的令牌属于存在的账号</translation>
    </message>
    <message>
        <source>A token dies with its service account; one of the same name made later has other tokens.</source>
        <translation>令牌随其 ServiceAccount 一同失效；之后创建的同名账号使用其他令牌。</translation>
    </message>
    <message>
        <source>Every cluster has an id of its own</source>
        <translation>每个集群都有自己的 ID</translation>
    </message>
    <message>
        <source>The id tells clusters apart. A control plane ignores a remote secret with its own id.</source>
        <translation>ID 用于区分集群。控制面会忽略使用自己 ID 的远程 Secret。</translation>
    </message>
    <message>
        <source>Set global.multiCluster.clusterName to another value in one of them, restart its control plane and workloads, and make its remote secrets again.</source>
        <translation>请将其中一个集群的 global.multiCluster.clusterName 设置为其他值，重启其控制面和工作负载，并重新创建其远程 Secret。</translation>
    </message>
    <message>
        <source>All clusters are of one mesh</source>
        <translation>所有集群属于同一个网格</translation>
    </message>
    <message>
        <source>Several primaries of one mesh have the same meshID.</source>
        <translation>同一个网格的多个主控制面使用相同的 meshID。</translation>
    </message>
    <message>
        <source>Set global.meshID to the same value in all clusters.</source>
        <translation>请在所有集群中将 global.meshID 设置为相同的值。</translation>
    </message>
    <message>
        <source>Every cluster has its network label</source>
        <translation>每个集群都有网络标签</translation>
    </message>
    <message>
        <source>Endpoints of a cluster without a network are taken for reachable and dialled directly. Pods that carry the label themselves are right without it.</source>
        <translation>没有网络的集群，其服务端点会被视为可访问并被直接连接。自身带有该标签的 Pod 即使没有它也是正确的。</translation>
    </message>
    <message>
        <source>Label the namespace istio-system with topology.istio.io/network; set global.network and restart pods that have none.</source>
        <translation>请为命名空间 istio-system 添加标签 topology.istio.io/network；设置 global.network，并重启没有网络的 Pod。</translation>
    </message>
    <message>
        <source>Pods are on the network of their cluster</source>
        <translation>Pod 在其集群的网络上</translation>
    </message>
    <message>
        <source>The injector writes global.network into each pod. Values copied from another cluster make pods of two networks count as one.</source>
        <translation>注入器将 global.network 写入每个 Pod。从其他集群复制来的值会使两个网络的 Pod 被视为同一网络。</translation>
    </message>
    <message>
        <source>Set global.network to the cluster&apos;s own network and restart the pods.</source>
        <translation>请将 global.network 设置为集群自己的网络，并重启这些 Pod。</translation>
    </message>
    <message>
        <source>No pod is older than its cluster&apos;s network</source>
        <translation>没有 Pod 早于其集群的网络设置</translation>
    </message>
    <message>
        <source>A client without a network is given gateways instead of pods, also of its own cluster: a detour that depends on the gateway.</source>
        <translation>没有网络的客户端得到的是网关而不是 Pod，对自己的集群也是如此：这是一条依赖网关的弯路。</translation>
    </message>
    <message>
        <source>Pod addresses of one network do not overlap</source>
        <translation>同一网络的 Pod 地址不重叠</translation>
    </message>
    <message>
        <source>Clusters of one network dial each other&apos;s pods directly. Overlapping addresses reach the wrong pod.</source>
        <translation>同一网络的集群直接连接彼此的 Pod。地址重叠会到达错误的 Pod。</translation>
    </message>
    <message>
        <source>Put the clusters on different networks, with gateways.</source>
        <translation>请将这些集群放到不同的网络上，并使用网关。</translation>
    </message>
    <message>
        <source>meshNetworks names what there is</source>
        <translation>meshNetworks 指定的内容存在</translation>
    </message>
    <message>
        <source>fromRegistry is a cluster id, registryServiceName a Service. What nobody has makes the network&apos;s endpoints unreachable.</source>
        <translation>fromRegistry 是集群 ID，registryServiceName 是 Service。指定不存在的内容会使该网络的服务端点无法访问。</translation>
    </message>
    <message>
        <source>Correct meshNetworks, or remove it: gateways with the network label are found by themselves.</source>
        <translation>请更正 meshNetworks，或将其移除：带有网络标签的网关会被自动发现。</translation>
    </message>
    <message>
        <source>The mesh configuration can be read</source>
        <translation>网格配置可以读取</translation>
    </message>
    <message>
        <source>The ConfigMap istio holds the mesh configuration as YAML.</source>
        <translation>ConfigMap istio 以 YAML 形式保存网格配置。</translation>
    </message>
    <message>
        <source>Correct the YAML in the ConfigMap.</source>
        <translation>请更正该 ConfigMap 中的 YAML。</translation>
    </message>
    <message>
        <source>Every control plane runs</source>
        <translation>每个控制面都在运行</translation>
    </message>
    <message>
        <source>Proxies go on with their last configuration. New pods are not made, for the injection webhook has nobody behind it; dead endpoints stay in the lists; certificates end after 12 to 24 hours.</source>
        <translation>代理继续使用最后的配置。无法创建新的 Pod，因为注入 Webhook 背后没有任何服务；失效的服务端点留在列表中；证书在 12 至 24 小时后到期。</translation>
    </message>
    <message>
        <source>Scale the control plane up.</source>
        <translation>请扩容控制面。</translation>
    </message>
    <message>
        <source>A service has sidecars in all clusters or in none</source>
        <translation>一个服务要么在所有集群中都有 Sidecar，要么都没有</translation>
    </message>
    <message>
        <source>Endpoints without a sidecar are not offered across networks, and clients without one know no other cluster: both sides stay alone, and no request fails.</source>
        <translation>没有 Sidecar 的服务端点不会跨网络提供，而没有 Sidecar 的客户端不知道其他集群：双方各自独立，且没有请求失败。</translation>
    </message>
    <message>
        <source>Label the namespace with istio-injection=enabled and restart its pods.</source>
        <translation>请为命名空间添加标签 istio-injection=enabled，并重启其 Pod。</translation>
    </message>
    <message>
        <source>Every pod of an injected namespace has a sidecar</source>
        <translation>启用注入的命名空间中每个 Pod 都有 Sidecar</translation>
    </message>
    <message>
        <source>Pods that were made before injection was on, or while no control plane answered, are outside the mesh.</source>
        <translation>在启用注入之前，或在没有控制面应答期间创建的 Pod，都在网格之外。</translation>
    </message>
    <message>
        <source>The failover setting for %1 in %2 has no effect: without outlierDetection all endpoints count alike, and a sick cluster is not left.</source>
        <translation>%2 中 %1 的故障转移设置无效：没有 outlierDetection 时所有服务端点同等对待，不会离开不健康的集群。</translation>
    </message>
    <message>
        <source>localityLbSetting without outlierDetection</source>
        <translation>有 localityLbSetting 而没有 outlierDetection</translation>
    </message>
    <message>
        <source>Outlier detection of %1 in %2 is empty: it makes clients prefer their own cluster, and with the defaults (5 errors, 10 %) a sick pod is hardly ever left.</source>
        <translation>%2 中 %1 的异常点检测为空：它使客户端优先使用自己的集群，而在默认值（5 次错误，10%）下几乎从不离开不健康的 Pod。</translation>
    </message>
    <message>
        <source>Outlier detection of %1 in %2 may eject %3 % of the endpoints: that is none of few, and never the last.</source>
        <translation>%2 中 %1 的异常点检测最多可摘除 %3% 的服务端点：服务端点较少时一个也不会摘除，且永远不会摘除最后一个。</translation>
    </message>
    <message>
        <source>maxEjectionPercent: %1</source>
        <translation>maxEjectionPercent: %1</translation>
    </message>
    <message>
        <source>maxEjectionPercent is not set: 10</source>
        <translation>maxEjectionPercent 未设置：10</translation>
    </message>
    <message>
        <source>Outlier detection of %1 in %2 counts no errors: nothing is ever ejected.</source>
        <translation>%2 中 %1 的异常点检测不统计错误：永远不会摘除任何服务端点。</translation>
    </message>
    <message>
        <source>Below %1 % healthy endpoints clients of %2 in %3 use the sick ones again.</source>
        <translation>健康服务端点低于 %1% 时，%3 中 %2 的客户端会重新使用不健康的服务端点。</translation>
    </message>
    <message>
        <source>minHealthPercent: %1</source>
        <translation>minHealthPercent: %1</translation>
    </message>
    <message>
        <source>%1 is distributed by fixed weights in %2: localities that are not listed get nothing, also when the listed ones fail.</source>
        <translation>%2 中的 %1 按固定权重分配：未列出的位置得不到任何流量，即使列出的位置发生故障也是如此。</translation>
    </message>
    <message>
        <source>failoverPriority for %1 in %2 orders by %3: entries of a gateway have no such label, only network and cluster.</source>
        <translation>%2 中 %1 的 failoverPriority 按 %3 排序：网关条目没有这样的标签，只有 network 和 cluster。</translation>
    </message>
    <message>
        <source>failoverPriority: %1</source>
        <translation>failoverPriority: %1</translation>
    </message>
    <message>
        <source>The failover setting for %1 in %2 names regions that no node is in: %3.</source>
        <translation>%2 中 %1 的故障转移设置指定了没有任何节点所在的地域：%3。</translation>
    </message>
    <message>
        <source>no node has a region</source>
        <translation>没有节点带有地域</translation>
    </message>
    <message>
        <source>regions: %1</source>
        <translation>地域：%1</translation>
    </message>
    <message>
        <source>Nodes of %1 have no region: where their pods are is not known, and clients cannot prefer what is near.</source>
        <translation>%1 的节点没有地域：不知道其 Pod 位于何处，客户端无法优先使用就近的服务端点。</translation>
    </message>
    <message>
        <source>%1 in %2 allows no disruption although all its pods are healthy: evictions wait for ever, and a drill that drains a node does too.</source>
        <translation>%2 中的 %1 不允许任何中断，尽管其所有 Pod 都健康：驱逐会一直等待，排空节点的演练也会如此。</translation>
    </message>
    <message>
        <source>disruptionsAllowed 0 of %1</source>
        <translation>disruptionsAllowed 0，共 %1</translation>
    </message>
    <message>
        <source>%1 in %2 keeps %3 between %4 and %5 pods: a drill that scales it to another number is set right under its hands.</source>
        <translation>%2 中的 %1 将 %3 保持在 %4 到 %5 个 Pod 之间：将其伸缩到其他数量的演练，会在进行中被它改回。</translation>
    </message>
    <message>
        <source>%1 to %2 replicas</source>
        <translation>%1 到 %2 个副本</translation>
    </message>
    <message>
        <source>Failover settings have outlier detection</source>
        <translation>故障转移设置带有异常点检测</translation>
    </message>
    <message>
        <source>Priorities by locality are made only for hosts with outlierDetection.</source>
        <translation>只有对带有 outlierDetection 的主机才会按位置划分优先级。</translation>
    </message>
    <message>
        <source>Add outlierDetection with maxEjectionPercent 100, in all clusters.</source>
        <translation>请在所有集群中添加 outlierDetection，并将 maxEjectionPercent 设为 100。</translation>
    </message>
    <message>
        <source>Outlier detection may eject every endpoint</source>
        <translation>异常点检测可以摘除每一个服务端点</translation>
    </message>
    <message>
        <source>Without maxEjectionPercent it is 10 %. Since Envoy 1.31 that is no host at all where there are fewer than ten.</source>
        <translation>未设置 maxEjectionPercent 时为 10%。自 Envoy 1.31 起，主机少于十个时即一个也不摘除。</translation>
    </message>
    <message>
        <source>Set maxEjectionPercent to 100, in all clusters.</source>
        <translation>请在所有集群中将 maxEjectionPercent 设置为 100。</translation>
    </message>
    <message>
        <source>Outlier detection counts errors</source>
        <translation>异常点检测统计错误</translation>
    </message>
    <message>
        <source>consecutive5xxErrors 0 switches the counting off.</source>
        <translation>consecutive5xxErrors 为 0 会关闭统计。</translation>
    </message>
    <message>
        <source>Set consecutive5xxErrors to 3 to 5.</source>
        <translation>请将 consecutive5xxErrors 设置为 3 到 5。</translation>
    </message>
    <message>
        <source>Sick endpoints stay out</source>
        <translation>不健康的服务端点不再被使用</translation>
    </message>
    <message>
        <source>minHealthPercent is the share below which ejections no longer count.</source>
        <translation>minHealthPercent 是一个比例，低于它时摘除不再生效。</translation>
    </message>
    <message>
        <source>Services are not distributed by fixed weights</source>
        <translation>服务不按固定权重分配</translation>
    </message>
    <message>
        <source>distribute gives each listed locality its share and all others nothing; there is no failover to them.</source>
        <translation>distribute 给每个列出的位置相应的份额，其他位置什么也得不到；不会故障转移到它们。</translation>
    </message>
    <message>
        <source>failoverPriority orders by labels that gateways have</source>
        <translation>failoverPriority 按网关具有的标签排序</translation>
    </message>
    <message>
        <source>Endpoints of another network are entries of its gateway, with the labels network and cluster alone.</source>
        <translation>其他网络的服务端点是其网关的条目，只带有 network 和 cluster 标签。</translation>
    </message>
    <message>
        <source>Order by topology.istio.io/network or topology.istio.io/cluster.</source>
        <translation>请按 topology.istio.io/network 或 topology.istio.io/cluster 排序。</translation>
    </message>
    <message>
        <source>Failover settings name regions that exist</source>
        <translation>故障转移设置指定的地域存在</translation>
    </message>
    <message>
        <source>from and to are regions as nodes have them (topology.kubernetes.io/region).</source>
        <translation>from 和 to 是节点所带的地域（topology.kubernetes.io/region）。</translation>
    </message>
    <message>
        <source>Correct the regions.</source>
        <translation>请更正地域。</translation>
    </message>
    <message>
        <source>Nodes say their region</source>
        <translation>节点带有地域</translation>
    </message>
    <message>
        <source>Locality comes from the labels topology.kubernetes.io/region and zone of nodes.</source>
        <translation>位置来自节点的标签 topology.kubernetes.io/region 和 zone。</translation>
    </message>
    <message>
        <source>Label the nodes, in all clusters.</source>
        <translation>请在所有集群中为节点添加标签。</translation>
    </message>
    <message>
        <source>Disruption budgets allow a disruption</source>
        <translation>中断预算允许一次中断</translation>
    </message>
    <message>
        <source>A budget that allows none blocks evictions, also those of an upgrade.</source>
        <translation>不允许任何中断的预算会阻止驱逐，升级时的驱逐也不例外。</translation>
    </message>
    <message>
        <source>Allow one disruption, or have one more replica.</source>
        <translation>请允许一次中断，或增加一个副本。</translation>
    </message>
    <message>
        <source>No autoscaler will fight a drill</source>
        <translation>没有自动伸缩器会与演练冲突</translation>
    </message>
    <message>
        <source>An autoscaler brings replicas back that a drill took away, unless they are 0.</source>
        <translation>自动伸缩器会恢复演练撤走的副本，除非副本数为 0。</translation>
    </message>
    <message>
        <source>Drill with 0 replicas, which an autoscaler leaves alone, or with pods deleted.</source>
        <translation>请用自动伸缩器不会处理的 0 个副本进行演练，或通过删除 Pod 进行演练。</translation>
    </message>
    <message>
        <source>The API server of %1 does not answer.</source>
        <translation>%1 的 API Server 没有应答。</translation>
    </message>
    <message>
        <source>it was not asked</source>
        <translation>未查询</translation>
    </message>
    <message>
        <source>managed</source>
        <translation>托管</translation>
    </message>
    <message>
        <source>discovery only</source>
        <translation>仅服务发现</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>%1 does not have %2 as a member: its proxies know none of the endpoints there.</source>
        <translation>%1 没有将 %2 作为成员：其代理不知道那里的任何服务端点。</translation>
    </message>
    <message>
        <source>%1 has %2 members</source>
        <translation>%1 有 %2 个成员</translation>
    </message>
    <message>
        <source>%1 has %2 as %3, and it was meant as %4.</source>
        <translation>%1 将 %2 作为 %3，而预期为 %4。</translation>
    </message>
    <message>
        <source>%1 is managed by %2 at once: two injectors and two configurations for the same pods.</source>
        <translation>%1 同时由 %2 托管：同一批 Pod 有两个注入器和两套配置。</translation>
    </message>
    <message>
        <source>%1 does not run: it is %2.</source>
        <translation>%1 没有运行：其状态为 %2。</translation>
    </message>
    <message>
        <source>%1 has %2 on the network %3, and it was meant to be on %4.</source>
        <translation>%1 将 %2 放在网络 %3 上，而预期在 %4 上。</translation>
    </message>
    <message>
        <source>The API server answers</source>
        <translation>API Server 有应答</translation>
    </message>
    <message>
        <source>Nothing else is known of a cluster whose API server does not answer. What runs there may run well.</source>
        <translation>API Server 没有应答的集群，其他情况均未知。在那里运行的内容可能运行良好。</translation>
    </message>
    <message>
        <source>Check the kubeconfig and the network to the API server.</source>
        <translation>请检查 kubeconfig 以及到 API Server 的网络。</translation>
    </message>
    <message>
        <source>Every mesh has the members that were meant</source>
        <translation>每个网格都有预期的成员</translation>
    </message>
    <message>
        <source>A mesh reads services and endpoints of its members only. One that it does not have does not exist for its proxies.</source>
        <translation>网格只读取其成员的服务和服务端点。它没有的成员，对其代理而言并不存在。</translation>
    </message>
    <message>
        <source>Add the cluster to the mesh; “plan” shows the call.</source>
        <translation>请将该集群添加到网格；“plan”会显示相应的调用。</translation>
    </message>
    <message>
        <source>Every member is managed or discovery only as it was meant</source>
        <translation>每个成员均按预期为托管或仅服务发现</translation>
    </message>
    <message>
        <source>A mesh gives sidecars and configuration to clusters that it manages, and only reads those that are discovery only. A cluster that two meshes manage, or none, has no clear configuration.</source>
        <translation>网格为其托管的集群提供 Sidecar 和配置，对仅服务发现的集群只作读取。由两个网格托管或没有网格托管的集群，没有明确的配置。</translation>
    </message>
    <message>
        <source>Remove the member and add it again in the other mode.</source>
        <translation>请移除该成员，并以另一种模式重新添加。</translation>
    </message>
    <message>
        <source>Every cluster has one manager</source>
        <translation>每个集群只有一个托管网格</translation>
    </message>
    <message>
        <source>Two meshes that manage one cluster both inject sidecars and overwrite each other&apos;s webhooks.</source>
        <translation>托管同一个集群的两个网格都会注入 Sidecar，并覆盖彼此的 Webhook。</translation>
    </message>
    <message>
        <source>Keep one as the manager and make the cluster discovery only in the other.</source>
        <translation>请保留一个作为托管网格，并在另一个网格中将该集群改为仅服务发现。</translation>
    </message>
    <message>
        <source>Every member is on the network that was meant</source>
        <translation>每个成员都在预期的网络上</translation>
    </message>
    <message>
        <source>Endpoints of another network are reached through its gateway, those of the own network directly. With the wrong network a mesh dials addresses that it cannot reach.</source>
        <translation>其他网络的服务端点通过其网关访问，自己网络的则直接访问。网络错误时，网格会连接其无法访问的地址。</translation>
    </message>
    <message>
        <source>Correct the mesh&apos;s network settings; “plan” shows the call.</source>
        <translation>请更正该网格的网络设置；“plan”会显示相应的调用。</translation>
    </message>
    <message>
        <source>Every mesh runs</source>
        <translation>每个网格都在运行</translation>
    </message>
    <message>
        <source>While a mesh is not running, changes of its configuration and new pods have to wait.</source>
        <translation>网格未运行期间，其配置的变更和新的 Pod 都必须等待。</translation>
    </message>
    <message>
        <source>Wait, or look into the console of the service mesh.</source>
        <translation>请等待，或在服务网格控制台查看。</translation>
    </message>
    <message>
        <source>%1 is on the network %2, and no cluster has a gateway for it: others dial pod addresses that they cannot reach.</source>
        <translation>%1 在网络 %2 上，而没有集群有通往它的网关：其他方会连接其无法访问的 Pod 地址。</translation>
    </message>
    <message>
        <source>no Service with topology.istio.io/network=%1 and port 15443</source>
        <translation>没有带 topology.istio.io/network=%1 和端口 15443 的 Service</translation>
    </message>
    <message>
        <source>The gateway of %1 has no network label: other clusters do not know it and dial pod addresses that they cannot reach.</source>
        <translation>%1 的网关没有网络标签：其他集群不知道它，会连接其无法访问的 Pod 地址。</translation>
    </message>
    <message>
        <source>The gateway of %1 says that it leads to %2, and the cluster is on %3.</source>
        <translation>%1 的网关表示它通往 %2，而集群在 %3 上。</translation>
    </message>
    <message>
        <source>topology.istio.io/network=%1</source>
        <translation>topology.istio.io/network=%1</translation>
    </message>
    <message>
        <source>The gateway of %1 waits for an address.</source>
        <translation>%1 的网关正在等待地址。</translation>
    </message>
    <message>
        <source>The gateway of %1 is of type %2 and has no address outside its cluster.</source>
        <translation>%1 的网关类型为 %2，没有集群外的地址。</translation>
    </message>
    <message>
        <source>type %1, no address</source>
        <translation>类型 %1，没有地址</translation>
    </message>
    <message>
        <source>The gateway of %1 has a host name for an address: control planes resolve it themselves, every 30 seconds to an hour.</source>
        <translation>%1 的网关以主机名为地址：由控制面自行解析，间隔从 30 秒到一小时不等。</translation>
    </message>
    <message>
        <source>The gateway of %1 has the address %2, which means another machine to each who dials it.</source>
        <translation>%1 的网关地址为 %2，对每个连接方而言它都指向不同的机器。</translation>
    </message>
    <message>
        <source>The gateways of %1 and %2 have the same address %3: one of them is not reached.</source>
        <translation>%1 和 %2 的网关地址同为 %3：其中一个无法访问。</translation>
    </message>
    <message>
        <source>The gateway of %1 has no port %2: control planes pass it over.</source>
        <translation>%1 的网关没有端口 %2：控制面会跳过它。</translation>
    </message>
    <message>
        <source>no port %1</source>
        <translation>没有端口 %1</translation>
    </message>
    <message>
        <source>No pod stands behind the gateway of %1: control planes still offer its address, and connections are refused.</source>
        <translation>%1 的网关背后没有 Pod：控制面仍提供其地址，而连接会被拒绝。</translation>
    </message>
    <message>
        <source>0 ready endpoints of %1</source>
        <translation>%1 的就绪服务端点为 0 个</translation>
    </message>
    <message>
        <source>Nothing tells the gateway of %1 to listen on %2: connections are refused.</source>
        <translation>没有任何配置让 %1 的网关监听 %2：连接会被拒绝。</translation>
    </message>
    <message>
        <source>The gateway of %1 listens on %2 with TLS mode %3, not AUTO_PASSTHROUGH.</source>
        <translation>%1 的网关以 TLS 模式 %3 监听 %2，而不是 AUTO_PASSTHROUGH。</translation>
    </message>
    <message>
        <source>no Gateway for %1</source>
        <translation>没有用于 %1 的 Gateway</translation>
    </message>
    <message>
        <source>tls.mode: %1</source>
        <translation>tls.mode: %1</translation>
    </message>
    <message>
        <source>The gateway of %1 does not pass %2 on: it closes such connections.</source>
        <translation>%1 的网关不转发 %2：它会关闭此类连接。</translation>
    </message>
    <message>
        <source>hosts: %1</source>
        <translation>hosts: %1</translation>
    </message>
    <message>
        <source>Pods of %1&apos;s gateway for %2 see the endpoints of another network.</source>
        <translation>%1 用于 %2 的网关的 Pod 看到的是其他网络的服务端点。</translation>
    </message>
    <message>
        <source>ISTIO_META_REQUESTED_NETWORK_VIEW: %1</source>
        <translation>ISTIO_META_REQUESTED_NETWORK_VIEW: %1</translation>
    </message>
    <message>
        <source>Look at the events of the gateway&apos;s Service: it needs a load balancer that the other clusters reach.</source>
        <translation>请查看该网关 Service 的事件：它需要其他集群能够访问的负载均衡。</translation>
    </message>
    <message>
        <source>Every network has a gateway</source>
        <translation>每个网络都有网关</translation>
    </message>
    <message>
        <source>Pods of another network are reached through its gateway. Where none is known, pod addresses are dialled.</source>
        <translation>其他网络的 Pod 通过其网关访问。没有已知网关时，会直接连接 Pod 地址。</translation>
    </message>
    <message>
        <source>Install an east-west gateway with the network&apos;s label and port 15443.</source>
        <translation>请安装带有该网络标签和端口 15443 的东西向网关。</translation>
    </message>
    <message>
        <source>Gateways say which network they lead to</source>
        <translation>网关标明其通往的网络</translation>
    </message>
    <message>
        <source>The label topology.istio.io/network on the Service (not on its pods) makes it the network&apos;s gateway.</source>
        <translation>Service（而不是其 Pod）上的标签 topology.istio.io/network 使其成为该网络的网关。</translation>
    </message>
    <message>
        <source>Label the Service with topology.istio.io/network.</source>
        <translation>请为该 Service 添加标签 topology.istio.io/network。</translation>
    </message>
    <message>
        <source>Gateways lead to the network of their cluster</source>
        <translation>网关通往其集群的网络</translation>
    </message>
    <message>
        <source>A gateway labelled with another network takes that network&apos;s traffic and has none of its endpoints.</source>
        <translation>标有其他网络的网关会接收该网络的流量，却没有其任何服务端点。</translation>
    </message>
    <message>
        <source>Correct the label topology.istio.io/network of the Service.</source>
        <translation>请更正该 Service 的标签 topology.istio.io/network。</translation>
    </message>
    <message>
        <source>Gateways have an address</source>
        <translation>网关有地址</translation>
    </message>
    <message>
        <source>Without an address other clusters do not know the gateway. One that had an address keeps being offered until a control plane restarts.</source>
        <translation>没有地址时，其他集群不知道该网关。曾有地址的网关会继续被提供，直到控制面重启。</translation>
    </message>
    <message>
        <source>Gateways have an IP address</source>
        <translation>网关有 IP 地址</translation>
    </message>
    <message>
        <source>A host name is resolved by each control plane; when that fails the gateway is gone until the next try.</source>
        <translation>主机名由每个控制面解析；解析失败时，该网关会消失，直到下一次尝试。</translation>
    </message>
    <message>
        <source>Give the load balancer a fixed address where the provider can, or accept this finding.</source>
        <translation>请在提供方支持时为负载均衡分配固定地址，或接受此诊断结果。</translation>
    </message>
    <message>
        <source>Gateways have an address that others reach</source>
        <translation>网关有其他方能够访问的地址</translation>
    </message>
    <message>
        <source>Loopback and link-local addresses end on the machine that dials them.</source>
        <translation>环回地址和链路本地地址只会到达连接它们的机器自身。</translation>
    </message>
    <message>
        <source>Every gateway has an address of its own</source>
        <translation>每个网关都有自己的地址</translation>
    </message>
    <message>
        <source>Two gateways behind one address and port: one network&apos;s traffic ends in the other.</source>
        <translation>两个网关共用一个地址和端口：一个网络的流量会到达另一个网络。</translation>
    </message>
    <message>
        <source>Gateways open port 15443</source>
        <translation>网关开放端口 15443</translation>
    </message>
    <message>
        <source>A Service with the network label and without the port is logged and passed over.</source>
        <translation>带有网络标签但没有该端口的 Service 会被记入日志并跳过。</translation>
    </message>
    <message>
        <source>Add the port 15443, or name another with networking.istio.io/gatewayPort.</source>
        <translation>请添加端口 15443，或用 networking.istio.io/gatewayPort 指定其他端口。</translation>
    </message>
    <message>
        <source>Gateways have pods</source>
        <translation>网关有 Pod</translation>
    </message>
    <message>
        <source>Control planes know a gateway by its Service and go on offering it when no pod stands behind it. Clients retry in their own cluster, and no request fails.</source>
        <translation>控制面通过网关的 Service 得知网关，其背后没有 Pod 时仍会继续提供它。客户端在自己的集群内重试，且没有请求失败。</translation>
    </message>
    <message>
        <source>Scale the gateway up, or look at why its pods are not ready.</source>
        <translation>请扩容该网关，或查看其 Pod 为何未就绪。</translation>
    </message>
    <message>
        <source>Gateways pass mutual TLS on</source>
        <translation>网关转发双向 TLS</translation>
    </message>
    <message>
        <source>A Gateway object with mode AUTO_PASSTHROUGH on 15443 makes the listener with one chain per service. Without it the port is closed, as soon as the old listener is drained (45 s).</source>
        <translation>15443 上模式为 AUTO_PASSTHROUGH 的 Gateway 对象会生成每个服务一条链的监听器。没有它，旧监听器排空后（45 s）端口即关闭。</translation>
    </message>
    <message>
        <source>Apply the Gateway cross-network-gateway (samples/multicluster/expose-services.yaml).</source>
        <translation>请应用 Gateway cross-network-gateway（samples/multicluster/expose-services.yaml）。</translation>
    </message>
    <message>
        <source>Gateways pass every shared service on</source>
        <translation>网关转发每个共享服务</translation>
    </message>
    <message>
        <source>A host that no entry of the Gateway covers has no chain: the gateway closes the connection, and clients retry in their own cluster.</source>
        <translation>Gateway 的条目均未覆盖的主机没有链：网关会关闭连接，客户端在自己的集群内重试。</translation>
    </message>
    <message>
        <source>hosts: [&quot;*.local&quot;] in the gateway&apos;s Gateway object.</source>
        <translation>在该网关的 Gateway 对象中设置 hosts: [&quot;*.local&quot;]。</translation>
    </message>
    <message>
        <source>Gateways see the endpoints of their network</source>
        <translation>网关看到其网络的服务端点</translation>
    </message>
    <message>
        <source>ISTIO_META_REQUESTED_NETWORK_VIEW limits the gateway to the endpoints of one network.</source>
        <translation>ISTIO_META_REQUESTED_NETWORK_VIEW 将网关限制为一个网络的服务端点。</translation>
    </message>
    <message>
        <source>Set it to the gateway&apos;s network.</source>
        <translation>请将其设置为该网关的网络。</translation>
    </message>
    <message>
        <source>A route of %1 in %2 leads to the subset %3, which no DestinationRule there defines: its clients get 503.</source>
        <translation>%2 中 %1 的一条路由指向子集 %3，而那里没有 DestinationRule 定义它：其客户端会收到 503。</translation>
    </message>
    <message>
        <source>subset: %1</source>
        <translation>subset: %1</translation>
    </message>
    <message>
        <source>no such subset</source>
        <translation>没有这样的子集</translation>
    </message>
    <message>
        <source>Routes of %1 lead to subsets of %2 without any pod (%3): its clients get 503.</source>
        <translation>%1 的路由指向 %2 中没有任何 Pod 的子集（%3）：其客户端会收到 503。</translation>
    </message>
    <message>
        <source>Subsets of %1 in %2 have no pod in any cluster: %3.</source>
        <translation>%2 中 %1 的子集在任何集群中都没有 Pod：%3。</translation>
    </message>
    <message>
        <source>A route of %1 in %2 leads to %3, which is a Service of no cluster.</source>
        <translation>%2 中 %1 的一条路由指向 %3，而任何集群中都没有此 Service。</translation>
    </message>
    <message>
        <source>%1 in %2 delays or aborts requests on purpose.</source>
        <translation>%2 中的 %1 有意延迟或中止请求。</translation>
    </message>
    <message>
        <source>%1 in %2 is for the host %3, which no Service has: it has no effect.</source>
        <translation>%2 中的 %1 针对主机 %3，而没有 Service 使用它：它不起作用。</translation>
    </message>
    <message>
        <source>host: %1</source>
        <translation>host: %1</translation>
    </message>
    <message>
        <source>A Sidecar hides %1 from clients of its own namespace in %2: they go around the mesh to their own cluster.</source>
        <translation>在 %2 中，一个 Sidecar 使 %1 对其自身命名空间的客户端不可见：它们会绕过网格访问自己的集群。</translation>
    </message>
    <message>
        <source>egress hosts: %1</source>
        <translation>egress hosts: %1</translation>
    </message>
    <message>
        <source>A ServiceEntry in %1 has the host of the Service %2: which endpoints are used is not defined.</source>
        <translation>%1 中的一个 ServiceEntry 与 Service %2 的主机相同：使用哪些服务端点没有定义。</translation>
    </message>
    <message>
        <source>%1 in %2 names principals of a trust domain that no cluster has: they never match.</source>
        <translation>%2 中的 %1 指定了没有集群使用的信任域的主体：它们永远不会匹配。</translation>
    </message>
    <message>
        <source>%1 in %2 refuses every request to %3, also those of its own cluster.</source>
        <translation>%2 中的 %1 拒绝对 %3 的每个请求，来自自己集群的请求也不例外。</translation>
    </message>
    <message>
        <source>DENY with a rule that everybody fits</source>
        <translation>DENY，且有一条人人都符合的规则</translation>
    </message>
    <message>
        <source>ALLOW without rules</source>
        <translation>ALLOW，没有规则</translation>
    </message>
    <message>
        <source>%1 in %2 judges %3 by address: requests of other networks all come from the gateway&apos;s pods.</source>
        <translation>%2 中的 %1 按地址判断 %3：其他网络的请求全都来自网关的 Pod。</translation>
    </message>
    <message>
        <source>NetworkPolicies of %1 admit nobody from other namespaces to %2, and the gateway stands in one: requests of other clusters do not get through.</source>
        <translation>%1 的 NetworkPolicy 不允许其他命名空间访问 %2，而网关就在其中一个命名空间内：其他集群的请求无法通过。</translation>
    </message>
    <message>
        <source>%1: %2 ingress rules, none from other namespaces</source>
        <translation>%1：%2 条入站规则，没有一条来自其他命名空间</translation>
    </message>
    <message>
        <source>%1 in %2 has a value that Envoy refuses: running proxies keep their old listeners, and new ones have none.</source>
        <translation>%2 中的 %1 有一个被 Envoy 拒绝的值：运行中的代理保留旧监听器，新的代理则没有监听器。</translation>
    </message>
    <message>
        <source>%1 %2 is not the same in all clusters.</source>
        <translation>%1 %2 在各集群中不相同。</translation>
    </message>
    <message>
        <source>%1 %2 of %3 is missing in %4: primaries do not copy configuration from each other.</source>
        <translation>%3 的 %1 %2 在 %4 中缺失：主控制面之间不会相互复制配置。</translation>
    </message>
    <message>
        <source>%1 different specs</source>
        <translation>%1 个不同的 spec</translation>
    </message>
    <message>
        <source>not in %1</source>
        <translation>不在 %1 中</translation>
    </message>
    <message>
        <source>Every subset that a route names is defined</source>
        <translation>路由指定的每个子集都已定义</translation>
    </message>
    <message>
        <source>A route to a subset without a DestinationRule in the same cluster is answered with 503 (NC, cluster not found).</source>
        <translation>如果同一集群中没有相应的 DestinationRule，指向子集的路由会得到 503（NC，cluster not found）。</translation>
    </message>
    <message>
        <source>Apply the DestinationRule in this cluster too.</source>
        <translation>请在此集群中也应用该 DestinationRule。</translation>
    </message>
    <message>
        <source>Every subset has pods</source>
        <translation>每个子集都有 Pod</translation>
    </message>
    <message>
        <source>A subset whose labels no pod has is a route to nobody.</source>
        <translation>没有 Pod 带有其标签的子集，是一条无处可达的路由。</translation>
    </message>
    <message>
        <source>Correct the subset&apos;s labels, or remove it.</source>
        <translation>请更正该子集的标签，或将其移除。</translation>
    </message>
    <message>
        <source>Routes lead to services that exist</source>
        <translation>路由指向存在的服务</translation>
    </message>
    <message>
        <source>A destination that no Service and no ServiceEntry has is answered with 503.</source>
        <translation>没有任何 Service 或 ServiceEntry 与之对应的目标，会得到 503。</translation>
    </message>
    <message>
        <source>Correct the destination host.</source>
        <translation>请更正目标主机。</translation>
    </message>
    <message>
        <source>No route injects faults</source>
        <translation>没有路由注入故障</translation>
    </message>
    <message>
        <source>Fault injection is left over from a test, or a test is under way.</source>
        <translation>故障注入是某次测试遗留的，或测试正在进行。</translation>
    </message>
    <message>
        <source>Remove fault from the VirtualService.</source>
        <translation>请从 VirtualService 中移除 fault。</translation>
    </message>
    <message>
        <source>DestinationRules are for hosts that exist</source>
        <translation>DestinationRule 针对存在的主机</translation>
    </message>
    <message>
        <source>A name with a dot is taken as it stands: helloworld.sample is not the Service helloworld of namespace sample.</source>
        <translation>带点的名称按原样使用：helloworld.sample 不是命名空间 sample 的 Service helloworld。</translation>
    </message>
    <message>
        <source>Write the host in full: name.namespace.svc.cluster.local.</source>
        <translation>请写出完整主机名：name.namespace.svc.cluster.local。</translation>
    </message>
    <message>
        <source>No Sidecar hides a shared service on one side</source>
        <translation>没有 Sidecar 在一侧隐藏共享服务</translation>
    </message>
    <message>
        <source>A Sidecar object lists what clients of its namespace see. What it leaves out is reached by the cluster&apos;s own address alone, in plain text.</source>
        <translation>Sidecar 对象列出其命名空间的客户端可见的内容。未列出的内容只能通过集群自己的地址以明文访问。</translation>
    </message>
    <message>
        <source>Add ./* to the egress hosts.</source>
        <translation>请在 egress hosts 中添加 ./*。</translation>
    </message>
    <message>
        <source>No ServiceEntry has the host of a Service</source>
        <translation>没有 ServiceEntry 与 Service 的主机相同</translation>
    </message>
    <message>
        <source>Two definitions of one host: proxies get one of them.</source>
        <translation>同一个主机有两个定义：代理得到其中之一。</translation>
    </message>
    <message>
        <source>Give the ServiceEntry another host.</source>
        <translation>请为该 ServiceEntry 设置其他主机。</translation>
    </message>
    <message>
        <source>Policies name principals that exist</source>
        <translation>策略指定的主体存在</translation>
    </message>
    <message>
        <source>A principal begins with its trust domain. One of a domain that no cluster has never matches: an ALLOW policy then refuses everybody (403).</source>
        <translation>主体以其信任域开头。属于没有集群使用的信任域的主体永远不会匹配：此时 ALLOW 策略会拒绝所有人（403）。</translation>
    </message>
    <message>
        <source>Use the mesh&apos;s trust domain in principals, or list the other in trustDomainAliases.</source>
        <translation>请在 principals 中使用网格的信任域，或将另一个信任域列入 trustDomainAliases。</translation>
    </message>
    <message>
        <source>No policy refuses everybody</source>
        <translation>没有策略拒绝所有人</translation>
    </message>
    <message>
        <source>An ALLOW policy without rules, or a DENY policy with an empty one, refuses every request with 403.</source>
        <translation>没有规则的 ALLOW 策略，或带有空规则的 DENY 策略，会以 403 拒绝每个请求。</translation>
    </message>
    <message>
        <source>Add a rule that allows the clients, in all clusters.</source>
        <translation>请在所有集群中添加允许这些客户端的规则。</translation>
    </message>
    <message>
        <source>No policy judges other networks by address</source>
        <translation>没有策略按地址判断其他网络</translation>
    </message>
    <message>
        <source>Behind a gateway the address of the client is the gateway&apos;s.</source>
        <translation>在网关之后，客户端的地址就是网关的地址。</translation>
    </message>
    <message>
        <source>Use principals or namespaces instead of ipBlocks.</source>
        <translation>请使用 principals 或 namespaces 代替 ipBlocks。</translation>
    </message>
    <message>
        <source>NetworkPolicies let the gateway through</source>
        <translation>NetworkPolicy 允许网关通过</translation>
    </message>
    <message>
        <source>Requests of other networks come from the gateway&apos;s pods, in another namespace.</source>
        <translation>其他网络的请求来自位于另一个命名空间的网关 Pod。</translation>
    </message>
    <message>
        <source>Admit the namespace of the gateway (namespaceSelector) in the NetworkPolicy.</source>
        <translation>请在 NetworkPolicy 中允许网关的命名空间（namespaceSelector）。</translation>
    </message>
    <message>
        <source>EnvoyFilters hold values that Envoy takes</source>
        <translation>EnvoyFilter 的值可被 Envoy 接受</translation>
    </message>
    <message>
        <source>Nobody checks an EnvoyFilter before it is sent. A refused listener leaves running proxies with the old one, without a word, and new pods without any.</source>
        <translation>EnvoyFilter 在下发之前没有任何检查。监听器被拒绝时，运行中的代理无声无息地保留旧监听器，新的 Pod 则没有监听器。</translation>
    </message>
    <message>
        <source>Correct or delete the EnvoyFilter.</source>
        <translation>请更正或删除该 EnvoyFilter。</translation>
    </message>
    <message>
        <source>All primaries have the same configuration</source>
        <translation>所有主控制面的配置相同</translation>
    </message>
    <message>
        <source>Services and endpoints cross clusters, rules do not: each control plane applies its own. Clusters may differ on purpose.</source>
        <translation>服务和服务端点跨集群，规则则不然：每个控制面应用自己的规则。集群之间可以有意不同。</translation>
    </message>
    <message>
        <source>Apply it in all clusters alike, or accept this finding.</source>
        <translation>请在所有集群中一致地应用它，或接受此诊断结果。</translation>
    </message>
    <message>
        <source>%1 has other ports or port names in %2 than in %3: each side keeps only endpoints of its own.</source>
        <translation>%1 在 %2 中的端口或端口名称与 %3 中不同：双方各自只保留自己的服务端点。</translation>
    </message>
    <message>
        <source>%1 has another appProtocol in %2 than in %3: one side may speak HTTP where the other speaks TCP.</source>
        <translation>%1 在 %2 中的 appProtocol 与 %3 中不同：可能一侧使用 HTTP 而另一侧使用 TCP。</translation>
    </message>
    <message>
        <source>%1 is headless in one of %2 and %3 and not in the other: listeners do not fit, and connections end nowhere.</source>
        <translation>%1 在 %2 和 %3 之一中是 Headless Service，在另一个中则不是：监听器不匹配，连接无处可达。</translation>
    </message>
    <message>
        <source>%1: clusterIP %2</source>
        <translation>%1：clusterIP %2</translation>
    </message>
    <message>
        <source>%1 selects other pods in %2 than in %3.</source>
        <translation>%1 在 %2 中选择的 Pod 与 %3 中不同。</translation>
    </message>
    <message>
        <source>%1 is exported to nobody in %2: clients there know no endpoints of it and reach only their own cluster, in plain text.</source>
        <translation>%1 在 %2 中未导出给任何命名空间：那里的客户端不知道它的任何服务端点，只能以明文访问自己的集群。</translation>
    </message>
    <message>
        <source>%1 is exported to other namespaces in %2 (%3) than in %4 (%5).</source>
        <translation>%1 在 %2 中导出到的命名空间（%3）与 %4 中（%5）不同。</translation>
    </message>
    <message>
        <source>The mesh configuration of %1 keeps %2 inside the cluster.</source>
        <translation>%1 的网格配置将 %2 限制在集群内。</translation>
    </message>
    <message>
        <source>clusterLocal: %1</source>
        <translation>clusterLocal: %1</translation>
    </message>
    <message>
        <source>Ports of %1 in %2 do not say their protocol: proxies guess it from the first bytes, and protocols in which the server speaks first hang.</source>
        <translation>%2 中 %1 的端口没有说明其协议：代理根据最初的字节猜测，服务器先发言的协议会挂起。</translation>
    </message>
    <message>
        <source>%1 has the traffic distribution “%2” in %3 and “%4” in %5: clients there prefer other endpoints.</source>
        <translation>%1 的流量分布在 %3 中为“%2”，在 %5 中为“%4”：那里的客户端优先使用的服务端点不同。</translation>
    </message>
    <message>
        <source>trafficDistribution: %1</source>
        <translation>trafficDistribution: %1</translation>
    </message>
    <message>
        <source>%1 has no ready endpoint in %2: every request goes to the other clusters.</source>
        <translation>%1 在 %2 中没有就绪的服务端点：每个请求都发往其他集群。</translation>
    </message>
    <message>
        <source>%1 has no ready endpoint in any cluster.</source>
        <translation>%1 在任何集群中都没有就绪的服务端点。</translation>
    </message>
    <message>
        <source>0 ready endpoints</source>
        <translation>就绪服务端点为 0 个</translation>
    </message>
    <message>
        <source>Pods of %1 in %2 cannot be made.</source>
        <translation>无法创建 %2 中 %1 的 Pod。</translation>
    </message>
    <message>
        <source>%1 has pods of %2 but no Service of this name: they are in nobody&apos;s list.</source>
        <translation>%1 有 %2 的 Pod，但没有同名的 Service：它们不在任何列表中。</translation>
    </message>
    <message>
        <source>%1 pods match the selector that %2 has</source>
        <translation>%1 个 Pod 匹配 %2 中的选择器</translation>
    </message>
    <message>
        <source>no Service %1</source>
        <translation>没有 Service %1</translation>
    </message>
    <message>
        <source>A service is there in every cluster that has its pods</source>
        <translation>凡有服务的 Pod 的集群，都有该服务</translation>
    </message>
    <message>
        <source>A Service must exist in each cluster by itself: without it the pods there are endpoints of nothing, and without DNS capture clients there cannot even resolve the name.</source>
        <translation>每个集群中都必须各自存在 Service：没有它，那里的 Pod 就不是任何服务的端点；没有 DNS 捕获时，那里的客户端甚至无法解析该名称。</translation>
    </message>
    <message>
        <source>Create the Service there as in the other clusters.</source>
        <translation>请在那里创建与其他集群中相同的 Service。</translation>
    </message>
    <message>
        <source>A service has the same ports in all clusters</source>
        <translation>服务在所有集群中的端口相同</translation>
    </message>
    <message>
        <source>A control plane keeps endpoints whose port number and name are those of its own Service. Others are known and not used; no request fails.</source>
        <translation>控制面只保留端口号和端口名称与自己的 Service 一致的服务端点。其他服务端点已知但不使用；没有请求失败。</translation>
    </message>
    <message>
        <source>Give the ports the same numbers and names in all clusters.</source>
        <translation>请在所有集群中为这些端口设置相同的端口号和名称。</translation>
    </message>
    <message>
        <source>A service speaks the same protocol in all clusters</source>
        <translation>服务在所有集群中使用相同的协议</translation>
    </message>
    <message>
        <source>appProtocol decides whether proxies treat a port as HTTP.</source>
        <translation>appProtocol 决定代理是否将端口按 HTTP 处理。</translation>
    </message>
    <message>
        <source>Set the same appProtocol in all clusters.</source>
        <translation>请在所有集群中设置相同的 appProtocol。</translation>
    </message>
    <message>
        <source>A service is headless in all clusters or in none</source>
        <translation>服务要么在所有集群中都是 Headless Service，要么都不是</translation>
    </message>
    <message>
        <source>A headless Service has listeners of its own kind. A mixture sends connections to 0.0.0.0.</source>
        <translation>Headless Service 有其特有的监听器。混用会将连接发往 0.0.0.0。</translation>
    </message>
    <message>
        <source>Make the Service again with the same clusterIP setting.</source>
        <translation>请用相同的 clusterIP 设置重新创建该 Service。</translation>
    </message>
    <message>
        <source>A service selects the same pods in all clusters</source>
        <translation>服务在所有集群中选择相同的 Pod</translation>
    </message>
    <message>
        <source>Services of one name are one service; with other selectors other applications answer.</source>
        <translation>同名的 Service 是同一个服务；选择器不同时，应答的是不同的应用。</translation>
    </message>
    <message>
        <source>Use the same selector in all clusters.</source>
        <translation>请在所有集群中使用相同的选择器。</translation>
    </message>
    <message>
        <source>No shared service is hidden from everybody</source>
        <translation>没有共享服务对所有人隐藏</translation>
    </message>
    <message>
        <source>With exportTo ~ a control plane offers the service to no proxy. Clients then go to the cluster&apos;s own address, around the mesh.</source>
        <translation>exportTo 为 ~ 时，控制面不向任何代理提供该服务。客户端于是绕过网格，访问集群自己的地址。</translation>
    </message>
    <message>
        <source>Remove the annotation networking.istio.io/exportTo.</source>
        <translation>请移除注解 networking.istio.io/exportTo。</translation>
    </message>
    <message>
        <source>A service is exported alike in all clusters</source>
        <translation>服务在所有集群中的导出范围一致</translation>
    </message>
    <message>
        <source>Each control plane applies the exportTo of its own Service.</source>
        <translation>每个控制面应用自己的 Service 的 exportTo。</translation>
    </message>
    <message>
        <source>Set the same exportTo in all clusters.</source>
        <translation>请在所有集群中设置相同的 exportTo。</translation>
    </message>
    <message>
        <source>No shared service is kept inside a cluster</source>
        <translation>没有共享服务被限制在集群内</translation>
    </message>
    <message>
        <source>serviceSettings with clusterLocal keep a host&apos;s traffic in the cluster: no other one takes over.</source>
        <translation>带有 clusterLocal 的 serviceSettings 将主机的流量保留在集群内：没有其他集群会接管。</translation>
    </message>
    <message>
        <source>Remove the host from serviceSettings if it is to fail over.</source>
        <translation>如果该主机需要故障转移，请将其从 serviceSettings 中移除。</translation>
    </message>
    <message>
        <source>Ports say their protocol</source>
        <translation>端口说明其协议</translation>
    </message>
    <message>
        <source>A port&apos;s name begins with its protocol (http-web), or appProtocol says it. Else proxies listen to the first bytes.</source>
        <translation>端口名称以其协议开头（http-web），或由 appProtocol 说明。否则代理会根据最初的字节判断。</translation>
    </message>
    <message>
        <source>Name the port by its protocol or set appProtocol, in all clusters alike.</source>
        <translation>请在所有集群中一致地按协议命名该端口，或设置 appProtocol。</translation>
    </message>
    <message>
        <source>A service is distributed alike in all clusters</source>
        <translation>服务在所有集群中的分布方式一致</translation>
    </message>
    <message>
        <source>trafficDistribution makes clients prefer endpoints that are near. Each control plane applies that of its own Service.</source>
        <translation>trafficDistribution 使客户端优先使用就近的服务端点。每个控制面应用自己的 Service 的设置。</translation>
    </message>
    <message>
        <source>Set the same trafficDistribution in all clusters.</source>
        <translation>请在所有集群中设置相同的 trafficDistribution。</translation>
    </message>
    <message>
        <source>A shared service has ready endpoints in every cluster</source>
        <translation>共享服务在每个集群中都有就绪的服务端点</translation>
    </message>
    <message>
        <source>A service with endpoints on one side only has nothing to fail over to.</source>
        <translation>只在一侧有服务端点的服务，无处可以故障转移。</translation>
    </message>
    <message>
        <source>Look at the pods and their events.</source>
        <translation>请查看这些 Pod 及其事件。</translation>
    </message>
    <message>
        <source>Pods of the mesh can be made</source>
        <translation>可以创建网格的 Pod</translation>
    </message>
    <message>
        <source>Pods are refused by quotas, policies, or a webhook that has nobody behind it.</source>
        <translation>Pod 被配额、策略或背后没有任何服务的 Webhook 拒绝。</translation>
    </message>
    <message>
        <source>Mend what refuses them; see the evidence.</source>
        <translation>请修复拒绝它们的原因；参见依据。</translation>
    </message>
    <message>
        <source>%1 trusts other roots besides those of %2: a root is being exchanged.</source>
        <translation>%1 除信任 %2 的根证书外，还信任其他根证书：根证书正在更换。</translation>
    </message>
    <message>
        <source>%1 and %2 have no trust root in common: neither accepts the other&apos;s certificates.</source>
        <translation>%1 和 %2 没有共同的信任根：双方都不接受对方的证书。</translation>
    </message>
    <message>
        <source>%1 trusts %2</source>
        <translation>%1 信任 %2</translation>
    </message>
    <message>
        <source>The bundle of roots that %1 hands to its workloads cannot be read.</source>
        <translation>无法读取 %1 交给其工作负载的根证书包。</translation>
    </message>
    <message>
        <source>The trust root of %1 has expired: no workload certificate is valid any more.</source>
        <translation>%1 的信任根已过期：工作负载证书全部不再有效。</translation>
    </message>
    <message>
        <source>The trust root of %1 expires in %2 days, and every certificate under it.</source>
        <translation>%1 的信任根及其下的每个证书将在 %2 天后过期。</translation>
    </message>
    <message>
        <source>%1 until %2</source>
        <translation>%1（有效期至 %2）</translation>
    </message>
    <message>
        <source>A certificate that %1 hands out as a trust root is no certificate authority.</source>
        <translation>%1 作为信任根分发的一个证书不是证书颁发机构。</translation>
    </message>
    <message>
        <source>%1: CA is false</source>
        <translation>%1：CA 为 false</translation>
    </message>
    <message>
        <source>Namespaces of %1 have another bundle of roots than its control plane: %2.</source>
        <translation>%1 的一些命名空间的根证书包与其控制面不同：%2。</translation>
    </message>
    <message>
        <source>istio-system trusts %1</source>
        <translation>istio-system 信任 %1</translation>
    </message>
    <message>
        <source>The issuing CA of %1 lacks %2: its control plane will sign with a root of its own.</source>
        <translation>%1 的签发 CA 缺少 %2：其控制面会使用自己的根证书签发。</translation>
    </message>
    <message>
        <source>The issuing CA of %1 has expired.</source>
        <translation>%1 的签发 CA 已过期。</translation>
    </message>
    <message>
        <source>The issuing CA of %1 expires in %2 days, and every workload certificate with it.</source>
        <translation>%1 的签发 CA 及其下的每个工作负载证书将在 %2 天后过期。</translation>
    </message>
    <message>
        <source>The issuing CA of %1 is valid longer than its root: it will look valid when nothing under it is.</source>
        <translation>%1 的签发 CA 的有效期长于其根证书：在其下的一切都已失效时，它看起来仍然有效。</translation>
    </message>
    <message>
        <source>the CA until %1, the root until %2</source>
        <translation>CA 有效期至 %1，根证书有效期至 %2</translation>
    </message>
    <message>
        <source>The certificate that %1 is to sign with may not sign: it is no certificate authority.</source>
        <translation>%1 用于签发的证书不得签发：它不是证书颁发机构。</translation>
    </message>
    <message>
        <source>The issuing CA of %1 does not lead to the root beside it: the control plane refuses to start with it.</source>
        <translation>%1 的签发 CA 不能链接到其旁边的根证书：控制面拒绝用它启动。</translation>
    </message>
    <message>
        <source>%1 does not use the root in its Secret cacerts: its workloads trust another one.</source>
        <translation>%1 没有使用其 Secret cacerts 中的根证书：其工作负载信任另一个。</translation>
    </message>
    <message>
        <source>cacerts has %1</source>
        <translation>cacerts 中为 %1</translation>
    </message>
    <message>
        <source>workloads trust %1</source>
        <translation>工作负载信任 %1</translation>
    </message>
    <message>
        <source>%1 has the trust domain %2 and %3 has %4, without aliases for each other: servers close connections after the handshake.</source>
        <translation>%1 的信任域为 %2，%3 的为 %4，且没有互为别名：服务器会在握手后关闭连接。</translation>
    </message>
    <message>
        <source>trustDomain: %1</source>
        <translation>trustDomain: %1</translation>
    </message>
    <message>
        <source>%1 turns mutual TLS off for %2: without it nothing passes a gateway, in either direction.</source>
        <translation>%1 对 %2 关闭了双向 TLS：没有它，无论哪个方向都无法通过网关。</translation>
    </message>
    <message>
        <source>%1 turns mutual TLS off for %2: requests between the clusters are in plain text.</source>
        <translation>%1 对 %2 关闭了双向 TLS：集群之间的请求以明文传输。</translation>
    </message>
    <message>
        <source>mtls.mode: DISABLE</source>
        <translation>mtls.mode: DISABLE</translation>
    </message>
    <message>
        <source>Clients in %1 call %2 with TLS mode %3: every endpoint behind a gateway is dropped.</source>
        <translation>%1 中的客户端以 TLS 模式 %3 调用 %2：网关之后的每个服务端点都会被丢弃。</translation>
    </message>
    <message>
        <source>All clusters have the same trust root</source>
        <translation>所有集群的信任根相同</translation>
    </message>
    <message>
        <source>Mutual TLS across clusters needs one root. With two, handshakes fail; clients that retry hide it by staying in their own cluster, so no request fails and none crosses.</source>
        <translation>跨集群的双向 TLS 需要同一个根证书。有两个时，握手失败；重试的客户端停留在自己的集群内，掩盖了这一点，因此没有请求失败，也没有请求跨集群。</translation>
    </message>
    <message>
        <source>Issue the CA of one cluster from the other&apos;s root (Secret cacerts), restart its control plane, then its workloads.</source>
        <translation>请用一个集群的根证书签发另一个集群的 CA（Secret cacerts），重启其控制面，然后重启其工作负载。</translation>
    </message>
    <message>
        <source>No root is being exchanged</source>
        <translation>没有根证书正在更换</translation>
    </message>
    <message>
        <source>While a root is exchanged, bundles hold the old and the new one. Which one a cluster signs with cannot be seen from the bundle; a request shows it.</source>
        <translation>更换根证书期间，根证书包同时含有新旧两个。从根证书包看不出集群用哪一个签发；请求会显示出来。</translation>
    </message>
    <message>
        <source>Finish the exchange: every cluster trusts both, then signs with the new one, then trusts the new one alone.</source>
        <translation>请完成更换：每个集群先同时信任两者，然后用新的签发，最后只信任新的。</translation>
    </message>
    <message>
        <source>The bundle of roots can be read</source>
        <translation>根证书包可以读取</translation>
    </message>
    <message>
        <source>Proxies load the roots from this ConfigMap. A broken one leaves new pods without trust.</source>
        <translation>代理从此 ConfigMap 加载根证书。损坏的根证书包会使新的 Pod 没有信任。</translation>
    </message>
    <message>
        <source>Correct root-cert.pem in cacerts and restart the control plane.</source>
        <translation>请更正 cacerts 中的 root-cert.pem，并重启控制面。</translation>
    </message>
    <message>
        <source>No trust root is about to expire</source>
        <translation>没有信任根临近过期</translation>
    </message>
    <message>
        <source>An expired root ends every connection of the mesh at once. Exchanging it takes three steps, each of which every proxy has to see: begin early.</source>
        <translation>根证书过期会立即中断网格的所有连接。更换它需要三个步骤，每一步都必须让每个代理看到：请尽早开始。</translation>
    </message>
    <message>
        <source>Exchange the root in three steps: trust both, sign with the new one, trust the new one alone.</source>
        <translation>请分三步更换根证书：同时信任两者，用新的签发，只信任新的。</translation>
    </message>
    <message>
        <source>Trust roots are certificate authorities</source>
        <translation>信任根是证书颁发机构</translation>
    </message>
    <message>
        <source>A root without CA:TRUE cannot vouch for anything: every handshake fails.</source>
        <translation>没有 CA:TRUE 的根证书不能为任何内容作保：每次握手都会失败。</translation>
    </message>
    <message>
        <source>Make a root with basicConstraints critical, CA:TRUE.</source>
        <translation>请生成带有 basicConstraints critical, CA:TRUE 的根证书。</translation>
    </message>
    <message>
        <source>Every namespace has the roots of its control plane</source>
        <translation>每个命名空间都有其控制面的根证书</translation>
    </message>
    <message>
        <source>The control plane writes its roots into every namespace. Where another stands, new pods trust something else: somebody changed it by hand, or two control planes write in turn.</source>
        <translation>控制面将其根证书写入每个命名空间。如果那里是另一个根证书，新的 Pod 就会信任别的内容：有人手动改过，或两个控制面轮流写入。</translation>
    </message>
    <message>
        <source>Delete the ConfigMap istio-ca-root-cert there; the control plane makes it again.</source>
        <translation>请删除那里的 ConfigMap istio-ca-root-cert；控制面会重新创建它。</translation>
    </message>
    <message>
        <source>The issuing CA is complete</source>
        <translation>签发 CA 完整</translation>
    </message>
    <message>
        <source>A Secret cacerts with missing entries is not used.</source>
        <translation>缺少条目的 Secret cacerts 不会被使用。</translation>
    </message>
    <message>
        <source>Add the missing entries and restart the control plane.</source>
        <translation>请添加缺少的条目，并重启控制面。</translation>
    </message>
    <message>
        <source>No issuing CA is about to expire</source>
        <translation>没有签发 CA 临近过期</translation>
    </message>
    <message>
        <source>The life that is left of an issuing CA is not checked when it signs: workload certificates die with it.</source>
        <translation>签发 CA 签发时不会检查其剩余有效期：工作负载证书会随它一同失效。</translation>
    </message>
    <message>
        <source>Issue a new CA from the same root; it is taken without a restart.</source>
        <translation>请用同一个根证书签发新的 CA；无需重启即可生效。</translation>
    </message>
    <message>
        <source>No issuing CA outlives its root</source>
        <translation>没有签发 CA 的有效期长于其根证书</translation>
    </message>
    <message>
        <source>A certificate is worth no more than what it was signed by.</source>
        <translation>证书的价值不会超过签发它的证书。</translation>
    </message>
    <message>
        <source>Exchange the root first, or issue a CA that ends before it.</source>
        <translation>请先更换根证书，或签发一个在其之前到期的 CA。</translation>
    </message>
    <message>
        <source>The issuing CA may sign</source>
        <translation>签发 CA 可以签发</translation>
    </message>
    <message>
        <source>A signing certificate needs basicConstraints CA:TRUE.</source>
        <translation>签发证书需要 basicConstraints CA:TRUE。</translation>
    </message>
    <message>
        <source>Issue it again with CA:TRUE, pathlen:0 and keyCertSign.</source>
        <translation>请用 CA:TRUE、pathlen:0 和 keyCertSign 重新签发它。</translation>
    </message>
    <message>
        <source>The issuing CA leads to its root</source>
        <translation>签发 CA 链接到其根证书</translation>
    </message>
    <message>
        <source>At its start the control plane verifies ca-cert.pem through cert-chain.pem to root-cert.pem, and does not start when that fails.</source>
        <translation>控制面启动时，会从 ca-cert.pem 经 cert-chain.pem 到 root-cert.pem 进行验证，验证失败则不启动。</translation>
    </message>
    <message>
        <source>Put the parents of ca-cert.pem into cert-chain.pem, the root last, and the same root into root-cert.pem.</source>
        <translation>请将 ca-cert.pem 的上级证书放入 cert-chain.pem，根证书放在最后，并将同一个根证书放入 root-cert.pem。</translation>
    </message>
    <message>
        <source>The root in cacerts is the one in use</source>
        <translation>cacerts 中的根证书就是正在使用的根证书</translation>
    </message>
    <message>
        <source>A control plane reads its root at its start only. A cacerts that came later, or a root that was exchanged in it, has no effect until it restarts; then trust changes all at once.</source>
        <translation>控制面只在启动时读取其根证书。之后才出现的 cacerts，或在其中更换的根证书，在重启之前都不起作用；重启后信任会一下子全部改变。</translation>
    </message>
    <message>
        <source>Restart the control plane, then every workload, in an order that keeps both roots trusted.</source>
        <translation>请先重启控制面，再重启每个工作负载，其顺序应使两个根证书始终受信任。</translation>
    </message>
    <message>
        <source>All clusters have one trust domain, or aliases</source>
        <translation>所有集群使用同一个信任域，或互为别名</translation>
    </message>
    <message>
        <source>A server accepts identities of its own trust domain and of its aliases. Others are refused after the handshake: 503, and not retried.</source>
        <translation>服务器接受自己的信任域及其别名的身份。其他身份在握手后被拒绝：503，且不会重试。</translation>
    </message>
    <message>
        <source>Use one trustDomain in all clusters, or list the others in trustDomainAliases of each; restart the workloads.</source>
        <translation>请在所有集群中使用同一个 trustDomain，或将其他信任域列入各自的 trustDomainAliases；并重启工作负载。</translation>
    </message>
    <message>
        <source>Mutual TLS is on for services that several clusters have</source>
        <translation>多个集群都有的服务已启用双向 TLS</translation>
    </message>
    <message>
        <source>A gateway passes mutual TLS on by its name. Plain text has none, so endpoints without it are dropped for other networks, silently.</source>
        <translation>网关按名称转发双向 TLS。明文没有名称，因此未启用双向 TLS 的服务端点对其他网络会被无声地丢弃。</translation>
    </message>
    <message>
        <source>Delete the PeerAuthentication, or set PERMISSIVE or STRICT, in all clusters alike.</source>
        <translation>请在所有集群中一致地删除该 PeerAuthentication，或将其设置为 PERMISSIVE 或 STRICT。</translation>
    </message>
    <message>
        <source>Clients use mutual TLS of the mesh</source>
        <translation>客户端使用网格的双向 TLS</translation>
    </message>
    <message>
        <source>A DestinationRule with another TLS mode than ISTIO_MUTUAL removes every endpoint behind another network&apos;s gateway. No request fails: all stay in their cluster.</source>
        <translation>TLS 模式不是 ISTIO_MUTUAL 的 DestinationRule 会移除其他网络网关之后的每个服务端点。没有请求失败：全部停留在自己的集群内。</translation>
    </message>
    <message>
        <source>Remove tls from the DestinationRule, or set ISTIO_MUTUAL.</source>
        <translation>请从 DestinationRule 中移除 tls，或设置为 ISTIO_MUTUAL。</translation>
    </message>
    <message>
        <source>the mesh configuration could not be read</source>
        <translation>无法读取网格配置</translation>
    </message>
    <message>
        <source>Grant the right to get the ConfigMap istio in istio-system.</source>
        <translation>请授予读取 istio-system 中 ConfigMap istio 的权限。</translation>
    </message>
    <message>
        <source>the nodes&apos; regions could not be read</source>
        <translation>无法读取节点的地域</translation>
    </message>
    <message>
        <source>Grant the right to list nodes.</source>
        <translation>请授予列出节点（nodes）的权限。</translation>
    </message>
    <message>
        <source>write the accepted findings</source>
        <translation>写入已接受的诊断结果</translation>
    </message>
    <message>
        <source>the environment has no file</source>
        <translation>环境没有文件</translation>
    </message>
    <message>
        <source>mend a finding</source>
        <translation>修复诊断结果</translation>
    </message>
    <message>
        <source>whether there is anything to mend is not known</source>
        <translation>不清楚是否有需要修复的内容</translation>
    </message>
    <message>
        <source>what it rests on is old</source>
        <translation>其依据已过时</translation>
    </message>
    <message>
        <source>no operation mends it</source>
        <translation>没有可以修复它的操作</translation>
    </message>
    <message>
        <source>there is no finding of this name now</source>
        <translation>现在没有这个名称的诊断结果</translation>
    </message>
    <message>
        <source>that is more than one finding</source>
        <translation>匹配到不止一个诊断结果</translation>
    </message>
    <message>
        <source>Nothing that was found is mended by operations.</source>
        <translation>找到的内容都不能通过操作修复。</translation>
    </message>
    <message>
        <source>Name one of: %1</source>
        <translation>请从中指定一个：%1</translation>
    </message>
    <message>
        <source>Make the remote secret of %1 with istioctl create-remote-secret, and apply it in %2.</source>
        <translation>请用 istioctl create-remote-secret 创建 %1 的远程 Secret，并在 %2 中应用。</translation>
    </message>
    <message>
        <source>ready endpoints in %1: %2</source>
        <translation>%1 中就绪的服务端点：%2</translation>
    </message>
</context>
<context>
    <name>FleetText</name>
    <message>
        <source>default network</source>
        <translation>默认网络</translation>
    </message>
    <message>
        <source>managed</source>
        <translation>托管</translation>
    </message>
    <message>
        <source>discovery-only</source>
        <translation>仅服务发现</translation>
    </message>
    <message>
        <source>mode not told</source>
        <translation>模式未知</translation>
    </message>
    <message>
        <source>being created</source>
        <translation>创建中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>updating</source>
        <translation>更新中</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>being deleted</source>
        <translation>删除中</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Trust root</source>
        <translation>信任根</translation>
    </message>
    <message>
        <source>Gateway of %1</source>
        <translation>%1 的网关</translation>
    </message>
    <message>
        <source>0 of %1 pods ready</source>
        <translation>%1 个 Pod 均未就绪</translation>
    </message>
    <message>
        <source>the mesh has failed</source>
        <translation>该网格已失败</translation>
    </message>
    <message>
        <source>%1 is cut off</source>
        <translation>%1 已失联</translation>
    </message>
    <message>
        <source>last seen before %1 was lost</source>
        <translation>最后一次看到是在 %1 失联之前</translation>
    </message>
    <message>
        <source>last seen at %1</source>
        <translation>最后一次看到：%1</translation>
    </message>
    <message>
        <source>not heard any more</source>
        <translation>不再有消息</translation>
    </message>
    <message>
        <source>Cloud account: %1. %2</source>
        <translation>云账号：%1。%2</translation>
    </message>
    <message>
        <source>not reached from %1</source>
        <translation>从 %1 未能到达</translation>
    </message>
    <message>
        <source>Control planes: %1. %2</source>
        <translation>控制面：%1。%2</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
</context>
<context>
    <name>FormatText</name>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1后</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation>%1 秒前</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>%1 分钟前</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>%1 小时前</translation>
    </message>
    <message>
        <source>today %1</source>
        <translation>今天 %1</translation>
    </message>
    <message>
        <source>yesterday %1</source>
        <translation>昨天 %1</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 µs</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>ok</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>已过时</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
</context>
<context>
    <name>Istio</name>
    <message>
        <source>By hand: install the control plane of %1 in %2</source>
        <translation>手动：在 %2 中安装 %1 的控制面</translation>
    </message>
    <message>
        <source>By hand: see that the control plane of %1 runs</source>
        <translation>手动：确认 %1 的控制面正在运行</translation>
    </message>
    <message>
        <source>By hand: remove the control plane of %1</source>
        <translation>手动：移除 %1 的控制面</translation>
    </message>
    <message>
        <source>By hand: put %1 in charge of %2</source>
        <translation>手动：让 %1 管理 %2</translation>
    </message>
    <message>
        <source># after the Secret cacerts is in istio-system of %1, with the kubeconfig of that cluster</source>
        <translation># 在 %1 的 istio-system 中已有 Secret cacerts 之后执行，使用该集群的 kubeconfig</translation>
    </message>
    <message>
        <source># a control plane in %1, or an annotation of its namespace istio-system that names another one</source>
        <translation># %1 中的控制面，或其命名空间 istio-system 上指向另一个控制面的注解</translation>
    </message>
    <message>
        <source>read what a control plane says</source>
        <translation>读取控制面说明的内容</translation>
    </message>
    <message>
        <source>it says nothing</source>
        <translation>它没有返回任何内容</translation>
    </message>
    <message>
        <source>that is no JSON array: %1</source>
        <translation>不是 JSON 数组：%1</translation>
    </message>
    <message>
        <source>an entry has no id or no syncStatus</source>
        <translation>有一个条目缺少 id 或 syncStatus</translation>
    </message>
    <message>
        <source>kubeconfigs alone: control planes are found in the clusters</source>
        <translation>仅需 kubeconfig：控制面会在集群中找到</translation>
    </message>
    <message>
        <source>deployments with the label app=istiod</source>
        <translation>带有标签 app=istiod 的 deployments</translation>
    </message>
    <message>
        <source>remote secrets and control planes</source>
        <translation>远程 Secret 和控制面</translation>
    </message>
    <message>
        <source>ConfigMap istio-ca-root-cert</source>
        <translation>ConfigMap istio-ca-root-cert</translation>
    </message>
    <message>
        <source>the environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Until the clusters answer nobody knows which control planes there are.</source>
        <translation>在集群应答之前，无从得知有哪些控制面。</translation>
    </message>
    <message>
        <source>See its pods and events: kubectl -n istio-system describe deployment istiod.</source>
        <translation>请查看其 Pod 和事件：kubectl -n istio-system describe deployment istiod。</translation>
    </message>
    <message>
        <source>“%1” is not a mesh version</source>
        <translation>“%1”不是网格版本</translation>
    </message>
    <message>
        <source>Write it like %1</source>
        <translation>请写成 %1 的形式</translation>
    </message>
    <message>
        <source>%1 is older than %2, the least that is read here</source>
        <translation>%1 早于此处能读取的最低版本 %2</translation>
    </message>
    <message>
        <source>Use %1 or a newer version</source>
        <translation>请使用 %1 或更高版本</translation>
    </message>
    <message>
        <source>look for control planes</source>
        <translation>查找控制面</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>fetch a kubeconfig</source>
        <translation>获取 kubeconfig</translation>
    </message>
    <message>
        <source>nobody gives kubeconfigs here</source>
        <translation>此处不提供 kubeconfig</translation>
    </message>
    <message>
        <source>Name its kubeconfig in the environment file.</source>
        <translation>请在环境文件中指定其 kubeconfig。</translation>
    </message>
    <message>
        <source>read the mesh&apos;s configuration</source>
        <translation>读取网格的配置</translation>
    </message>
    <message>
        <source>read a log</source>
        <translation>读取日志</translation>
    </message>
    <message>
        <source>ask a control plane for its endpoints</source>
        <translation>向控制面查询其服务端点</translation>
    </message>
    <message>
        <source>the answer did not end in time</source>
        <translation>应答未能及时结束</translation>
    </message>
    <message>
        <source>that is no such answer</source>
        <translation>不是这样的应答</translation>
    </message>
    <message>
        <source>its request command ended with %1</source>
        <translation>其请求命令以 %1 结束</translation>
    </message>
    <message>
        <source>the answer breaks off</source>
        <translation>应答中断</translation>
    </message>
    <message>
        <source>%1 is an external control plane: it is made for other clusters, and shown only</source>
        <translation>%1 是外部控制面：它为其他集群而建，仅显示</translation>
    </message>
    <message>
        <source>%1 runs with ambient: proxies of nodes and waypoints are shown only</source>
        <translation>%1 以 ambient 运行：节点代理和 waypoint 仅显示</translation>
    </message>
    <message>
        <source>%1 has ztunnels: ambient is shown only</source>
        <translation>%1 有 ztunnel：ambient 仅显示</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>scaled to 0</source>
        <translation>已缩容到 0</translation>
    </message>
    <message>
        <source>not ready</source>
        <translation>未就绪</translation>
    </message>
    <message>
        <source>its control plane is scaled to 0</source>
        <translation>其控制面已缩容到 0</translation>
    </message>
    <message numerus="yes">
        <source>no replica of %n is ready</source>
        <translation>
            <numerusform>%n 个副本均未就绪</numerusform>
        </translation>
    </message>
    <message>
        <source>there is no ConfigMap istio-ca-root-cert</source>
        <translation>没有 ConfigMap istio-ca-root-cert</translation>
    </message>
    <message>
        <source>its remote secret is refused: %1</source>
        <translation>其远程 Secret 被拒绝：%1</translation>
    </message>
    <message>
        <source>%1 refuses the token of the remote secret %2: %3</source>
        <translation>%1 拒绝远程 Secret %2 的令牌：%3</translation>
    </message>
    <message>
        <source>it is no token of its own</source>
        <translation>该令牌不属于它</translation>
    </message>
    <message>
        <source>%1: revision %2, version %3, %4 of %5 ready</source>
        <translation>%1：修订版 %2，版本 %3，%5 个中 %4 个就绪</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>control planes</source>
        <translation>控制面</translation>
    </message>
    <message>
        <source>replicas</source>
        <translation>副本</translation>
    </message>
    <message numerus="yes">
        <source>%n pod(s)</source>
        <translation>
            <numerusform>%n 个 Pod</numerusform>
        </translation>
    </message>
    <message>
        <source>mesh configuration</source>
        <translation>网格配置</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>没有</translation>
    </message>
    <message>
        <source>mesh id %1, trust domain %2, cluster id %3</source>
        <translation>网格 ID %1，信任域 %2，集群 ID %3</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>the namespace has no network label</source>
        <translation>该命名空间没有网络标签</translation>
    </message>
    <message>
        <source>root</source>
        <translation>根证书</translation>
    </message>
    <message>
        <source>%1 (revision %2), vouched for by %3</source>
        <translation>%1（修订版 %2），由 %3 作保</translation>
    </message>
    <message>
        <source>injection</source>
        <translation>注入</translation>
    </message>
    <message>
        <source>no webhook</source>
        <translation>没有 Webhook</translation>
    </message>
    <message>
        <source>%1 for %2 at %3, token of %4, %5</source>
        <translation>%1，用于 %3 上的 %2，%4 的令牌，%5</translation>
    </message>
    <message>
        <source>nobody known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>有效期至 %1</translation>
    </message>
    <message>
        <source>without end</source>
        <translation>无期限</translation>
    </message>
    <message>
        <source>remote secrets</source>
        <translation>远程 Secret</translation>
    </message>
    <message>
        <source>%1 accepts the token of %2</source>
        <translation>%1 接受 %2 的令牌</translation>
    </message>
    <message>
        <source>%1 refuses the token of %2</source>
        <translation>%1 拒绝 %2 的令牌</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>none was asked for</source>
        <translation>未查询任何令牌</translation>
    </message>
    <message>
        <source>what %1 knows of clusters</source>
        <translation>%1 所知的集群情况</translation>
    </message>
    <message>
        <source>what the log of %1 admits</source>
        <translation>%1 的日志所表明的情况</translation>
    </message>
    <message>
        <source>no lost watch</source>
        <translation>没有丢失的监听</translation>
    </message>
    <message>
        <source>proxies of %1</source>
        <translation>%1 的代理</translation>
    </message>
    <message>
        <source>%1 connected, %2 behind, %3 refuse something%4</source>
        <translation>已连接 %1 个，%2 个滞后，%3 个拒绝了部分内容%4</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>endpoints of %1</source>
        <translation>%1 的服务端点</translation>
    </message>
    <message>
        <source>%1 has no control plane of its own, %2 is in charge of it (primary-remote): shown only</source>
        <translation>%1 没有自己的控制面，由 %2 管理（primary-remote）：仅显示</translation>
    </message>
    <message>
        <source>log of %1/%2 in %3</source>
        <translation>%3 中 %1/%2 的日志</translation>
    </message>
    <message>
        <source>GET %1 on %2</source>
        <translation>GET %1（%2）</translation>
    </message>
    <message>
        <source>%1 of %2/%3 in %4</source>
        <translation>%4 中 %2/%3 的 %1</translation>
    </message>
    <message>
        <source>ask a control plane</source>
        <translation>查询控制面</translation>
    </message>
    <message>
        <source>its request command ended with %1: %2</source>
        <translation>其请求命令以 %1 结束：%2</translation>
    </message>
    <message>
        <source>the answer is larger than %1 MiB</source>
        <translation>应答超过 %1 MiB</translation>
    </message>
    <message>
        <source>TokenReview on the clusters that the tokens are for</source>
        <translation>在令牌所针对的集群上执行 TokenReview</translation>
    </message>
    <message>
        <source>of one of its clusters: %1</source>
        <translation>其中一个集群的：%1</translation>
    </message>
    <message>
        <source>Give %1 a new token for %2</source>
        <translation>为 %1 换发读取 %2 的新令牌</translation>
    </message>
    <message>
        <source>Let %1 read %2</source>
        <translation>让 %1 读取 %2</translation>
    </message>
    <message>
        <source>The former token is kept nowhere.</source>
        <translation>原有令牌不会保存在任何地方。</translation>
    </message>
    <message>
        <source>%1 refuses the token that it gave</source>
        <translation>%1 拒绝它自己签发的令牌</translation>
    </message>
    <message>
        <source>somebody else has changed it since: %1</source>
        <translation>此后他人改动了它：%1</translation>
    </message>
    <message>
        <source>%1 accepts the token</source>
        <translation>%1 接受该令牌</translation>
    </message>
    <message>
        <source>give %1 its former content</source>
        <translation>恢复 %1 的原有内容</translation>
    </message>
    <message>
        <source>the former token is kept nowhere</source>
        <translation>原有令牌不会保存在任何地方</translation>
    </message>
    <message>
        <source>see %1 gone</source>
        <translation>确认 %1 已消失</translation>
    </message>
    <message>
        <source>see that %1 no longer reads %2</source>
        <translation>确认 %1 不再读取 %2</translation>
    </message>
    <message>
        <source>By hand: take %2 out of the charge of %1</source>
        <translation>手动：让 %1 不再管理 %2</translation>
    </message>
    <message>
        <source>By hand: install the cross-cluster gateway of %1 in %2</source>
        <translation>手动：在 %2 中安装 %1 的跨集群网关</translation>
    </message>
    <message>
        <source># what put it in charge of %1 goes by hand</source>
        <translation># 需手动移除让其管理 %1 的内容</translation>
    </message>
    <message>
        <source># with the kubeconfig of %1; its Service has the label %2 and the port 15443</source>
        <translation># 使用 %1 的 kubeconfig；其 Service 带有标签 %2 和端口 15443</translation>
    </message>
    <message>
        <source>%1 has no account yet that other control planes read it with.</source>
        <translation>%1 还没有供其他控制面读取它的账号。</translation>
    </message>
    <message>
        <source>Control planes read %1 with a token that lasts as long as its Secret.</source>
        <translation>控制面使用与其 Secret 同期有效的令牌读取 %1。</translation>
    </message>
    <message>
        <source>No Service of %1 has the label of a gateway of its network.</source>
        <translation>%1 中没有 Service 带有其网络的网关标签。</translation>
    </message>
    <message>
        <source>Without it the gateway of %1 opens no port for other networks.</source>
        <translation>没有它，%1 的网关不会为其他网络开放任何端口。</translation>
    </message>
    <message>
        <source>Other networks need no way into %1 any more.</source>
        <translation>其他网络不再需要进入 %1 的通道。</translation>
    </message>
    <message>
        <source>left as it is: it was not installed by Catamaran</source>
        <translation>维持现状：它不是由 Catamaran 安装的</translation>
    </message>
    <message>
        <source>left as it is: others have set it to %1</source>
        <translation>维持现状：他人已将其设为 %1</translation>
    </message>
    <message>
        <source>it went with the namespace %1</source>
        <translation>它已随命名空间 %1 一同消失</translation>
    </message>
    <message>
        <source>there is no namespace %1 in %2</source>
        <translation>%2 中没有命名空间 %1</translation>
    </message>
    <message>
        <source>set, version %1</source>
        <translation>已设置，版本 %1</translation>
    </message>
    <message>
        <source>give the label %1 of %2 its former value</source>
        <translation>将 %2 的标签 %1 恢复为原有值</translation>
    </message>
    <message>
        <source>it is another namespace now</source>
        <translation>它现在已是另一个命名空间</translation>
    </message>
    <message>
        <source>the server accepted the former value and shows another</source>
        <translation>服务器接受了原有值，显示的却是另一个值</translation>
    </message>
    <message>
        <source>the token of %1 ends at %2</source>
        <translation>%1 的令牌于 %2 到期</translation>
    </message>
    <message>
        <source>exposure</source>
        <translation>对外暴露</translation>
    </message>
    <message>
        <source>a Gateway passes TLS through on port 15443</source>
        <translation>有 Gateway 在端口 15443 上透传 TLS</translation>
    </message>
    <message>
        <source>no Gateway passes TLS through on port 15443</source>
        <translation>没有 Gateway 在端口 15443 上透传 TLS</translation>
    </message>
    <message>
        <source>reader account</source>
        <translation>读取账号</translation>
    </message>
    <message>
        <source>there is no %1</source>
        <translation>没有 %1</translation>
    </message>
    <message>
        <source>Make a token of the reader account of %1, where there is none</source>
        <translation>如果 %1 的读取账号没有令牌，则创建一个</translation>
    </message>
    <message>
        <source>it is being deleted</source>
        <translation>它正在删除中</translation>
    </message>
    <message>
        <source>it is there and holds no token of the account</source>
        <translation>它已存在，并持有该账号的令牌</translation>
    </message>
    <message>
        <source>Look at it, and delete it if it may go; then plan again.</source>
        <translation>请查看它，如果可以删除则将其删除；然后重新制定计划。</translation>
    </message>
    <message>
        <source>made</source>
        <translation>已创建</translation>
    </message>
    <message>
        <source>the cluster has put no token into it</source>
        <translation>集群没有向其中写入令牌</translation>
    </message>
    <message>
        <source>the cluster has put a token into it</source>
        <translation>集群已向其中写入令牌</translation>
    </message>
    <message>
        <source>it holds no token yet</source>
        <translation>它还没有令牌</translation>
    </message>
    <message>
        <source>there is no such Secret</source>
        <translation>没有这个 Secret</translation>
    </message>
    <message>
        <source>The plan has a step that makes it. Plan again.</source>
        <translation>计划中有一个创建它的步骤。请重新制定计划。</translation>
    </message>
    <message>
        <source>the server gave no token</source>
        <translation>服务器没有给出令牌</translation>
    </message>
    <message>
        <source>is not the id of a cluster</source>
        <translation>不是集群 ID</translation>
    </message>
    <message>
        <source>is not an address</source>
        <translation>不是地址</translation>
    </message>
    <message>
        <source>is neither “%1” nor “%2”</source>
        <translation>既不是“%1”也不是“%2”</translation>
    </message>
    <message>
        <source>is not a number of hours</source>
        <translation>不是小时数</translation>
    </message>
    <message>
        <source>(as the kubeconfig has it)</source>
        <translation>（与 kubeconfig 中相同）</translation>
    </message>
    <message>
        <source>show a token</source>
        <translation>显示令牌</translation>
    </message>
    <message>
        <source>Try again when it is gone.</source>
        <translation>请在它消失后重试。</translation>
    </message>
    <message>
        <source>the kubeconfig&apos;s address, %1, is one of this machine alone: no control plane reaches the cluster there</source>
        <translation>kubeconfig 中的地址 %1 仅限本机：没有控制面能通过它访问该集群</translation>
    </message>
    <message>
        <source>Give the cluster in the environment file the address that pods of other clusters reach: meshServer: https://…</source>
        <translation>请在环境文件中为该集群给出其他集群的 Pod 可访问的地址：meshServer: https://…</translation>
    </message>
    <message>
        <source>nobody tells who vouches for its API server: neither the kubeconfig nor the ConfigMap kube-root-ca.crt</source>
        <translation>没有任何内容为其 API Server 作保：kubeconfig 和 ConfigMap kube-root-ca.crt 都没有</translation>
    </message>
    <message>
        <source>somebody else has made it meanwhile</source>
        <translation>其间他人创建了它</translation>
    </message>
    <message>
        <source>Look at it, and try again.</source>
        <translation>请查看它，然后重试。</translation>
    </message>
    <message>
        <source>%1, its token is good %2</source>
        <translation>%1，其令牌%2</translation>
    </message>
    <message>
        <source>renewed</source>
        <translation>已更新</translation>
    </message>
    <message>
        <source>whether the control plane has taken it up is not known: %1</source>
        <translation>不确定控制面是否已采用它：%1</translation>
    </message>
    <message>
        <source>look for replicas of the control plane</source>
        <translation>查找控制面的副本</translation>
    </message>
    <message>
        <source>it takes the right to list pods in %1 of %2 (%3)</source>
        <translation>需要在 %2 的 %1 中列出 Pod 的权限（%3）</translation>
    </message>
    <message>
        <source>no replica of it is ready in %1 of %2</source>
        <translation>%2 的 %1 中没有它的就绪副本</translation>
    </message>
    <message>
        <source>not every replica has read %1</source>
        <translation>并非每个副本都已读取 %1</translation>
    </message>
    <message>
        <source>a replica still reads %1</source>
        <translation>仍有副本在读取 %1</translation>
    </message>
    <message>
        <source>%1 has waited for %2 in vain (“timeout”)</source>
        <translation>%1 等待 %2 未果（“timeout”）</translation>
    </message>
    <message>
        <source>Is the address right that its pods reach, and does the network let them through? The environment file says it as meshServer of the cluster.</source>
        <translation>该地址是否是其 Pod 可访问的正确地址？网络是否放行？它在环境文件中为该集群的 meshServer。</translation>
    </message>
    <message>
        <source>asking a replica takes the right to get and create pods/exec in %1 of %2 (%3)</source>
        <translation>询问副本需要 %2 的 %1 中 pods/exec 的 get 和 create 权限（%3）</translation>
    </message>
    <message>
        <source>/debug/clusterz of %1 in %2</source>
        <translation>%2 中 %1 的 /debug/clusterz</translation>
    </message>
    <message>
        <source>Let %1 no longer read %2</source>
        <translation>让 %1 不再读取 %2</translation>
    </message>
    <message>
        <source>left as it is: it belongs to %1</source>
        <translation>维持现状：它属于 %1</translation>
    </message>
    <message>
        <source>told to go</source>
        <translation>已要求删除</translation>
    </message>
    <message>
        <source>let %1 read %2 again</source>
        <translation>让 %1 重新读取 %2</translation>
    </message>
    <message>
        <source>Stop injecting sidecars into namespace %1 of %2</source>
        <translation>在 %2 中对命名空间 %1 停用 Sidecar 注入</translation>
    </message>
    <message>
        <source>Inject sidecars into namespace %1 of %2</source>
        <translation>在 %2 中对命名空间 %1 启用 Sidecar 注入</translation>
    </message>
    <message>
        <source>Say of no network that %1 is on it</source>
        <translation>不再标明 %1 所在的网络</translation>
    </message>
    <message>
        <source>Say that %1 is on %2</source>
        <translation>标明 %1 位于 %2</translation>
    </message>
    <message>
        <source>Whether %1 has an account that other control planes read it with is not known; one that is there stays as it is.</source>
        <translation>不清楚 %1 是否已有供其他控制面读取它的账号；已有的保持原样。</translation>
    </message>
    <message>
        <source>Wait until the control plane of %1 runs</source>
        <translation>等待 %1 的控制面运行</translation>
    </message>
    <message>
        <source>it does not run yet, or has shown no root</source>
        <translation>它尚未运行，或尚未显示根证书</translation>
    </message>
    <message>
        <source>it runs, and its root is %1…</source>
        <translation>它正在运行，其根证书为 %1…</translation>
    </message>
    <message>
        <source>GET deployments?app=istiod and istio-ca-root-cert on %1</source>
        <translation>在 %1 上 GET deployments?app=istiod 和 istio-ca-root-cert</translation>
    </message>
    <message>
        <source>The Fleet document does not say what it is installed from (controlPlane or gateway of the mesh: manifests, or istioctl). Say it there, or do it by hand; then plan again.</source>
        <translation>Fleet 文档未写明它从什么安装（网格的 controlPlane 或 gateway：manifests 或 istioctl）。请在文档中写明，或手动完成；然后重新规划。</translation>
    </message>
    <message>
        <source>Catamaran does not do this: do it by hand, then plan again.</source>
        <translation>Catamaran 不执行此操作：请手动完成，然后重新规划。</translation>
    </message>
    <message>
        <source>see whether there is %1</source>
        <translation>查看 %1 是否存在</translation>
    </message>
    <message>
        <source>it is still there</source>
        <translation>它仍然存在</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>已消失</translation>
    </message>
    <message>
        <source>Give the control plane of %1 an issuing authority under the root</source>
        <translation>为 %1 的控制面提供根证书下的签发 CA</translation>
    </message>
    <message>
        <source>(its metadata alone)</source>
        <translation>（仅其元数据）</translation>
    </message>
    <message>
        <source>ca-cert.pem, ca-key.pem=(secret), root-cert.pem and cert-chain.pem of %1, made when it runs</source>
        <translation>%1 的 ca-cert.pem、ca-key.pem=(secret)、root-cert.pem 和 cert-chain.pem，在执行时生成</translation>
    </message>
    <message>
        <source>it is there and was not made by Catamaran, but by %1: what it holds is not read, and not written over</source>
        <translation>它已存在，且不是由 Catamaran 而是由 %1 创建：其内容不会被读取，也不会被覆盖</translation>
    </message>
    <message>
        <source>Catamaran made it under another root</source>
        <translation>它由 Catamaran 在另一个根证书下创建</translation>
    </message>
    <message>
        <source>Delete it if nothing issues with it, or let the fleet keep its roots apart (trust: root: separate); then plan again.</source>
        <translation>如果没有任何组件用它签发证书，请将其删除；或让舰队各自保留根证书（trust: root: separate）；然后重新规划。</translation>
    </message>
    <message>
        <source>the server accepted it and shows another</source>
        <translation>服务器已接受，但显示的是另一个</translation>
    </message>
    <message>
        <source>it is there, under the root %1…</source>
        <translation>它已存在，位于根证书 %1… 之下</translation>
    </message>
    <message>
        <source>Take the issuing authority of %1 away, if Catamaran made it</source>
        <translation>移除 %1 的签发 CA（如果由 Catamaran 创建）</translation>
    </message>
    <message>
        <source>Its key is kept nowhere else: a new control plane gets a new one.</source>
        <translation>其密钥未在别处保存：新的控制面会得到新的密钥。</translation>
    </message>
    <message>
        <source>its key is kept nowhere else: a new control plane gets a new one</source>
        <translation>其密钥未在别处保存：新的控制面会得到新的密钥</translation>
    </message>
    <message>
        <source>read what is installed</source>
        <translation>读取已安装的内容</translation>
    </message>
    <message>
        <source>a Secret is not taken from a manifest: its data would be written down</source>
        <translation>不从清单中读取 Secret：否则其数据会被记录下来</translation>
    </message>
    <message>
        <source>it is given twice</source>
        <translation>重复给出</translation>
    </message>
    <message>
        <source>it holds no Deployment with the label app=istiod</source>
        <translation>其中没有带标签 app=istiod 的 Deployment</translation>
    </message>
    <message>
        <source>it holds no Service with the label %1</source>
        <translation>其中没有带标签 %1 的 Service</translation>
    </message>
    <message>
        <source>The control plane of %1 stands in it.</source>
        <translation>%1 的控制面位于其中。</translation>
    </message>
    <message>
        <source>%1 is missing: it is installed from what the fleet names.</source>
        <translation>缺少 %1：将按Fleet 文档中指定的内容安装。</translation>
    </message>
    <message>
        <source>A control plane that starts without it makes a root of its own, which no other mesh trusts.</source>
        <translation>控制面启动时若没有它，会自行生成一个根证书，其他网格都不信任该根证书。</translation>
    </message>
    <message>
        <source>It was installed with %1, and goes if Catamaran applied it. Definitions and the namespace stay: others may have objects of them.</source>
        <translation>它随 %1 安装，如果由 Catamaran 应用则会移除。资源定义和命名空间保留：其他人可能有其中的对象。</translation>
    </message>
    <message>
        <source>Nothing issues with it any more.</source>
        <translation>不再有任何组件用它签发证书。</translation>
    </message>
</context>
<context>
    <name>Kube</name>
    <message>
        <source>%1 %2 in all namespaces</source>
        <translation>在所有命名空间中对 %2 执行 %1</translation>
    </message>
    <message>
        <source>%1 %2 in namespace %3</source>
        <translation>在命名空间 %3 中对 %2 执行 %1</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>the server is silent: %1</source>
        <translation>服务器没有任何回应：%1</translation>
    </message>
    <message>
        <source>list %1</source>
        <translation>列出 %1</translation>
    </message>
    <message>
        <source>list %1 in namespace %2</source>
        <translation>列出命名空间 %2 中的 %1</translation>
    </message>
    <message>
        <source>Check that the address is a Kubernetes API server&apos;s.</source>
        <translation>请检查该地址是否属于 Kubernetes API Server。</translation>
    </message>
    <message>
        <source>the list does not end: the same page comes again</source>
        <translation>列表没有终点：同一页再次出现</translation>
    </message>
    <message>
        <source>the list has more than %1 objects</source>
        <translation>列表超过 %1 个对象</translation>
    </message>
    <message>
        <source>hear from the API server</source>
        <translation>收到 API Server 的应答</translation>
    </message>
    <message>
        <source>The kubeconfig was handed over without a file: save it as %1 first.</source>
        <translation>该 kubeconfig 不是以文件形式提供的：请先将其保存为 %1。</translation>
    </message>
    <message>
        <source>an object is cut off or broken</source>
        <translation>有一个对象被截断或已损坏</translation>
    </message>
    <message>
        <source>metadata of an object is broken</source>
        <translation>有一个对象的 metadata 已损坏</translation>
    </message>
    <message>
        <source>an object has no name</source>
        <translation>有一个对象没有名称</translation>
    </message>
    <message>
        <source>an object of the list is broken</source>
        <translation>列表中有一个对象已损坏</translation>
    </message>
    <message>
        <source>a line of the watch is not an event: %1</source>
        <translation>监听流中有一行不是事件：%1</translation>
    </message>
    <message>
        <source>it is cut off or broken</source>
        <translation>它被截断或已损坏</translation>
    </message>
    <message>
        <source>its type is no text</source>
        <translation>其 type 不是文本</translation>
    </message>
    <message>
        <source>an event of the watch has the type “%1”</source>
        <translation>监听流中有一个事件的类型为“%1”</translation>
    </message>
    <message>
        <source>its type does not come first</source>
        <translation>其 type 不在最前面</translation>
    </message>
    <message>
        <source>an event of the watch has no object</source>
        <translation>监听流中有一个事件没有对象</translation>
    </message>
    <message>
        <source>it has no type</source>
        <translation>它没有 type</translation>
    </message>
    <message>
        <source>it is being deleted</source>
        <translation>它正在删除中</translation>
    </message>
    <message>
        <source>it is being deleted, held by %1</source>
        <translation>它正在删除中，被 %1 阻止</translation>
    </message>
    <message>
        <source>it is not there any more</source>
        <translation>它已不存在</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>replicas %1, ready %2</source>
        <translation>副本数 %1，就绪 %2</translation>
    </message>
    <message>
        <source>there</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>not there yet</source>
        <translation>尚不存在</translation>
    </message>
    <message>
        <source>it is still there</source>
        <translation>它仍然存在</translation>
    </message>
    <message>
        <source>it is there, not on its way out: somebody made it anew</source>
        <translation>它存在，且不在删除中：有人重新创建了它</translation>
    </message>
    <message>
        <source>replaced by a new one</source>
        <translation>已被新的对象取代</translation>
    </message>
    <message>
        <source>somebody else asks for %1 replicas</source>
        <translation>他人要求 %1 个副本</translation>
    </message>
    <message>
        <source>the controller has not seen the change yet</source>
        <translation>控制器尚未看到此改动</translation>
    </message>
    <message>
        <source>as asked for</source>
        <translation>符合要求</translation>
    </message>
    <message>
        <source>the proxy of the environment (HTTPS_PROXY or HTTP_PROXY)</source>
        <translation>环境变量中的代理（HTTPS_PROXY 或 HTTP_PROXY）</translation>
    </message>
    <message>
        <source>use the kubeconfig</source>
        <translation>使用 kubeconfig</translation>
    </message>
    <message>
        <source>Write it like http://proxy.example.com:3128.</source>
        <translation>请写成 http://proxy.example.com:3128 的形式。</translation>
    </message>
    <message>
        <source>%1 is not an address</source>
        <translation>%1 不是地址</translation>
    </message>
    <message>
        <source>%1 is reached over TLS (https://), which is not supported here</source>
        <translation>%1 通过 TLS（https://）访问，此处不支持</translation>
    </message>
    <message>
        <source>Use an http:// or socks5:// proxy; the connection to the server inside it is encrypted all the same.</source>
        <translation>请使用 http:// 或 socks5:// 代理；其中到服务器的连接同样是加密的。</translation>
    </message>
    <message>
        <source>%1 has the scheme “%2”; http, https and socks5 exist</source>
        <translation>%1 的协议是“%2”；可用的有 http、https 和 socks5</translation>
    </message>
    <message>
        <source>a map</source>
        <translation>映射</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>a true/false value</source>
        <translation>布尔值</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空值</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>the merge key “&lt;&lt;” needs a map or a list of maps, but has %1</source>
        <translation>合并键“&lt;&lt;”需要映射或映射的列表，实际是%1</translation>
    </message>
    <message>
        <source>its merge keys (“&lt;&lt;”) are nested too deeply, or give too many entries</source>
        <translation>其合并键（“&lt;&lt;”）嵌套过深，或产生的条目过多</translation>
    </message>
    <message>
        <source>%1 must be a map, but is %2</source>
        <translation>%1 必须是映射，实际是%2</translation>
    </message>
    <message>
        <source>%1 must be true or false, but is %2</source>
        <translation>%1 必须是 true 或 false，实际是%2</translation>
    </message>
    <message>
        <source>%1 is not valid base64</source>
        <translation>%1 不是有效的 base64</translation>
    </message>
    <message>
        <source>%1 must be a list, but is %2</source>
        <translation>%1 必须是列表，实际是%2</translation>
    </message>
    <message>
        <source>%1 must be text, but is %2</source>
        <translation>%1 必须是文本，实际是%2</translation>
    </message>
    <message>
        <source>; put it in quotes</source>
        <translation>；请加上引号</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>该文件</translation>
    </message>
    <message>
        <source>the cluster&apos;s exec extension is too large</source>
        <translation>该集群的 exec 扩展过大</translation>
    </message>
    <message>
        <source>this is a %1 of %2, not a kubeconfig (Config of v1)</source>
        <translation>这是 %2 的 %1，而不是 kubeconfig（v1 的 Config）</translation>
    </message>
    <message>
        <source>cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>user</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>%1 “%2” is there twice</source>
        <translation>%1“%2”出现了两次</translation>
    </message>
    <message>
        <source>names a program</source>
        <translation>指定了程序</translation>
    </message>
    <message>
        <source>names a file of this machine</source>
        <translation>指定了本机上的文件</translation>
    </message>
    <message>
        <source>names a proxy</source>
        <translation>指定了代理</translation>
    </message>
    <message>
        <source>turns verification off</source>
        <translation>关闭了验证</translation>
    </message>
    <message>
        <source>asks for something else than an address and credentials</source>
        <translation>要求了地址和凭证之外的内容</translation>
    </message>
    <message>
        <source>%1 %2, which a kubeconfig that came over the network may not do</source>
        <translation>%1 %2，来自网络的 kubeconfig 不得如此</translation>
    </message>
    <message>
        <source>%1 is a relative path, but this configuration is not a file</source>
        <translation>%1 是相对路径，但此配置不是来自文件</translation>
    </message>
    <message>
        <source>%1 must be an https address without a user name in a kubeconfig that came over the network</source>
        <translation>在来自网络的 kubeconfig 中，%1 必须是不含用户名的 https 地址</translation>
    </message>
    <message>
        <source>user %1 in %2</source>
        <translation>%2 中的用户 %1</translation>
    </message>
    <message>
        <source>read the kubeconfig</source>
        <translation>读取 kubeconfig</translation>
    </message>
    <message>
        <source>Correct the file, or take another one.</source>
        <translation>请修正该文件，或改用另一个文件。</translation>
    </message>
    <message>
        <source>It was not used. Find out who changed it; where it is right, save it in a file of yours and name that file in the environment.</source>
        <translation>没有使用它。请查明是谁改动了它；如果内容无误，请将其保存为您自己的文件，并在环境中指定该文件。</translation>
    </message>
    <message>
        <source>it is not valid YAML: %1</source>
        <translation>它不是有效的 YAML：%1</translation>
    </message>
    <message>
        <source>nobody is verified: the connection is not encrypted</source>
        <translation>不验证任何一方：连接未加密</translation>
    </message>
    <message>
        <source>nobody is verified (insecure-skip-tls-verify)</source>
        <translation>不验证任何一方（insecure-skip-tls-verify）</translation>
    </message>
    <message>
        <source>this system&apos;s certificate authorities</source>
        <translation>本系统的证书颁发机构</translation>
    </message>
    <message>
        <source>%1 until %2</source>
        <translation>%1（有效期至 %2）</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>另外 %1 个</translation>
    </message>
    <message>
        <source>certificate authority %1</source>
        <translation>证书颁发机构 %1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>client certificate %1 until %2</source>
        <translation>客户端证书 %1，有效期至 %2</translation>
    </message>
    <message>
        <source>token from %1</source>
        <translation>来自 %1 的令牌</translation>
    </message>
    <message>
        <source>token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>user %1 with a password</source>
        <translation>使用密码的用户 %1</translation>
    </message>
    <message>
        <source>plugin %1</source>
        <translation>插件 %1</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>匿名</translation>
    </message>
    <message>
        <source>%1 pods, %2 wanted</source>
        <translation>%1 个 Pod，需要 %2 个</translation>
    </message>
    <message>
        <source>%1 of %2 pods are new</source>
        <translation>%2 个 Pod 中 %1 个是新的</translation>
    </message>
    <message>
        <source>%1 of %2 pods ready</source>
        <translation>%2 个 Pod 中 %1 个就绪</translation>
    </message>
    <message>
        <source>ask which resources there are</source>
        <translation>查询有哪些资源</translation>
    </message>
    <message>
        <source>ask which resources %1 has</source>
        <translation>查询 %1 有哪些资源</translation>
    </message>
    <message>
        <source>the answer is no list of groups</source>
        <translation>应答不是组列表</translation>
    </message>
    <message>
        <source>the server of %1 does not answer: what is known of it may be old</source>
        <translation>%1 的服务器没有应答：关于它的已知信息可能已过时</translation>
    </message>
    <message>
        <source>the answer is no list of resources</source>
        <translation>应答不是资源列表</translation>
    </message>
    <message>
        <source>the command&apos;s final status cannot be read: %1</source>
        <translation>无法读取命令的最终状态：%1</translation>
    </message>
    <message>
        <source>the command failed, but the server does not say with which exit code</source>
        <translation>命令失败，但服务器没有说明退出码</translation>
    </message>
    <message>
        <source>the command&apos;s final status is neither Success nor Failure</source>
        <translation>命令的最终状态既不是 Success 也不是 Failure</translation>
    </message>
    <message>
        <source>Check that the container runs and has this program.</source>
        <translation>请检查容器是否在运行，以及其中是否有此程序。</translation>
    </message>
    <message>
        <source>get credentials from the plugin %1</source>
        <translation>从插件 %1 获取凭证</translation>
    </message>
    <message>
        <source>Check that this program is a credential plugin, and its version.</source>
        <translation>请检查此程序是否为凭证插件，以及它的版本。</translation>
    </message>
    <message>
        <source>its standard output is not one ExecCredential</source>
        <translation>其标准输出不是单个 ExecCredential</translation>
    </message>
    <message>
        <source>Run it in a terminal: it must print nothing else, warnings belong on standard error.</source>
        <translation>请在终端中运行它：除此之外不得输出其他内容，警告应写到标准错误。</translation>
    </message>
    <message>
        <source>it answered kind “%1” instead of ExecCredential</source>
        <translation>它返回的 kind 是“%1”，而不是 ExecCredential</translation>
    </message>
    <message>
        <source>it answered apiVersion %1, but the kubeconfig asks for %2</source>
        <translation>它返回的 apiVersion 是 %1，而 kubeconfig 要求 %2</translation>
    </message>
    <message>
        <source>Let the tool write the kubeconfig anew.</source>
        <translation>请让该工具重新生成 kubeconfig。</translation>
    </message>
    <message>
        <source>its answer has no status</source>
        <translation>其应答没有 status</translation>
    </message>
    <message>
        <source>status.%1 is not text</source>
        <translation>status.%1 不是文本</translation>
    </message>
    <message>
        <source>it gave only one of clientCertificateData and clientKeyData</source>
        <translation>clientCertificateData 与 clientKeyData 只给出了一个</translation>
    </message>
    <message>
        <source>its token holds a line break or another character that is not allowed</source>
        <translation>其令牌含有换行符或其他不允许的字符</translation>
    </message>
    <message>
        <source>it gave neither a token nor a client certificate</source>
        <translation>它既没有给出令牌，也没有给出客户端证书</translation>
    </message>
    <message>
        <source>You may have to log in again with it.</source>
        <translation>可能需要用它重新登录。</translation>
    </message>
    <message>
        <source>its key does not belong to its certificate</source>
        <translation>其密钥与证书不匹配</translation>
    </message>
    <message>
        <source>expirationTimestamp is not a time</source>
        <translation>expirationTimestamp 不是时间</translation>
    </message>
    <message>
        <source>executable %1 not found or not executable</source>
        <translation>可执行文件 %1 不存在或不可执行</translation>
    </message>
    <message>
        <source>Install it, or check PATH.</source>
        <translation>请安装它，或检查 PATH。</translation>
    </message>
    <message>
        <source>it was not permitted to run</source>
        <translation>未获准运行</translation>
    </message>
    <message>
        <source>Open the environment again to be asked again, or use a token or certificate.</source>
        <translation>请重新打开该环境以再次询问，或使用令牌或证书。</translation>
    </message>
    <message>
        <source>it says nothing on standard error</source>
        <translation>它在标准错误上没有任何输出</translation>
    </message>
    <message>
        <source>Run it in a terminal to see why; you may have to log in again.</source>
        <translation>请在终端中运行以查明原因；可能需要重新登录。</translation>
    </message>
    <message>
        <source>It does not get %1, which the environment names as the place of a secret; if it needs that, name another place there.</source>
        <translation>它得不到 %1，因为环境将其指定为存放密钥的位置；如果它需要该变量，请在环境中改为指定其他位置。</translation>
    </message>
    <message>
        <source>it did not end within %1 s; %2</source>
        <translation>它在 %1 s 内没有结束；%2</translation>
    </message>
    <message>
        <source>It may be waiting for a login: run it once in a terminal.</source>
        <translation>它可能在等待登录：请在终端中运行一次。</translation>
    </message>
    <message>
        <source>its answer is longer than %1 KiB</source>
        <translation>其应答超过 %1 KiB</translation>
    </message>
    <message>
        <source>It must print one ExecCredential and nothing else.</source>
        <translation>它必须只输出一个 ExecCredential，不得输出其他内容。</translation>
    </message>
    <message>
        <source>it crashed; %1</source>
        <translation>它崩溃了；%1</translation>
    </message>
    <message>
        <source>it failed with exit code %1: %2</source>
        <translation>它失败了，退出码 %1：%2</translation>
    </message>
    <message>
        <source>use the service account</source>
        <translation>使用服务账号</translation>
    </message>
    <message>
        <source>KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set, so this program does not run in a pod</source>
        <translation>未设置 KUBERNETES_SERVICE_HOST 或 KUBERNETES_SERVICE_PORT，因此本程序不在 Pod 中运行</translation>
    </message>
    <message>
        <source>Give a kubeconfig instead.</source>
        <translation>请改为给出 kubeconfig。</translation>
    </message>
    <message>
        <source>There is no ca.crt: this system&apos;s certificate authorities are trusted.</source>
        <translation>没有 ca.crt：信任本系统的证书颁发机构。</translation>
    </message>
    <message>
        <source>Mount the cluster&apos;s root certificate with the service account.</source>
        <translation>请将该集群的根证书与服务账号一同挂载。</translation>
    </message>
    <message>
        <source>more than %1 MiB came faster than they could be decoded</source>
        <translation>到达的数据超过 %1 MiB，来不及解码</translation>
    </message>
    <message>
        <source>the list has more than %1 objects or %2 MiB</source>
        <translation>列表超过 %1 个对象或 %2 MiB</translation>
    </message>
    <message>
        <source>%1 in namespace %2</source>
        <translation>%1（命名空间 %2）</translation>
    </message>
    <message>
        <source>the answer is no Scale: it has no spec</source>
        <translation>应答不是 Scale：它没有 spec</translation>
    </message>
    <message>
        <source>the answer has no gitVersion</source>
        <translation>应答没有 gitVersion</translation>
    </message>
    <message>
        <source>“%1” is not a name</source>
        <translation>“%1”不是名称</translation>
    </message>
    <message>
        <source>“%1” is not a namespace</source>
        <translation>“%1”不是命名空间</translation>
    </message>
    <message>
        <source>ask for the server&apos;s version</source>
        <translation>查询服务器版本</translation>
    </message>
    <message>
        <source>read %1</source>
        <translation>读取 %1</translation>
    </message>
    <message>
        <source>change %1</source>
        <translation>更改 %1</translation>
    </message>
    <message>
        <source>apply %1</source>
        <translation>应用 %1</translation>
    </message>
    <message>
        <source>the field manager needs 1 to 128 characters</source>
        <translation>字段管理者的长度须为 1 到 128 个字符</translation>
    </message>
    <message>
        <source>create %1</source>
        <translation>创建 %1</translation>
    </message>
    <message>
        <source>delete %1</source>
        <translation>删除 %1</translation>
    </message>
    <message>
        <source>read the scale of %1</source>
        <translation>读取 %1 的副本数</translation>
    </message>
    <message>
        <source>scale %1 to %2</source>
        <translation>将 %1 伸缩到 %2</translation>
    </message>
    <message>
        <source>the number of replicas cannot be negative</source>
        <translation>副本数不能为负数</translation>
    </message>
    <message>
        <source>ask whether %1 of %2 is allowed</source>
        <translation>查询是否允许对 %2 执行 %1</translation>
    </message>
    <message>
        <source>the answer is no access review: it has no status</source>
        <translation>应答不是访问审查：它没有 status</translation>
    </message>
    <message>
        <source>Other users of this machine can read this file.</source>
        <translation>本机的其他用户可以读取此文件。</translation>
    </message>
    <message>
        <source>Set its mode to 0600: chmod 600 %1</source>
        <translation>请将其权限设为 0600：chmod 600 %1</translation>
    </message>
    <message>
        <source>the file does not exist</source>
        <translation>该文件不存在</translation>
    </message>
    <message>
        <source>Check the path, or fetch a kubeconfig for the cluster.</source>
        <translation>请检查路径，或为该集群获取 kubeconfig。</translation>
    </message>
    <message>
        <source>None of the kubeconfig files exists.</source>
        <translation>所有 kubeconfig 文件都不存在。</translation>
    </message>
    <message>
        <source>Fetch a kubeconfig for the cluster, or set KUBECONFIG to where it is.</source>
        <translation>请为该集群获取 kubeconfig，或将 KUBECONFIG 设为它所在的位置。</translation>
    </message>
    <message>
        <source>the answer is not JSON: %1 at byte %2</source>
        <translation>应答不是 JSON：第 %2 字节处 %1</translation>
    </message>
    <message>
        <source>the answer is JSON, but not an object</source>
        <translation>应答是 JSON，但不是对象</translation>
    </message>
    <message>
        <source>the list is not JSON: %1</source>
        <translation>列表不是 JSON：%1</translation>
    </message>
    <message>
        <source>the list is not a JSON object</source>
        <translation>列表不是 JSON 对象</translation>
    </message>
    <message>
        <source>the list is cut off or broken</source>
        <translation>列表被截断或已损坏</translation>
    </message>
    <message>
        <source>metadata of the list is not an object</source>
        <translation>列表的 metadata 不是对象</translation>
    </message>
    <message>
        <source>metadata of the list is broken</source>
        <translation>列表的 metadata 已损坏</translation>
    </message>
    <message>
        <source>items of the list is not an array</source>
        <translation>列表的 items 不是数组</translation>
    </message>
    <message>
        <source>item %1 of the list is not an object, or the list is cut off</source>
        <translation>列表的第 %1 项不是对象，或列表被截断</translation>
    </message>
    <message>
        <source>item %1 of the list is broken: %2</source>
        <translation>列表的第 %1 项已损坏：%2</translation>
    </message>
    <message>
        <source>the answer is a Status, not a list</source>
        <translation>应答是 Status，而不是列表</translation>
    </message>
    <message>
        <source>there is something behind the end of the list</source>
        <translation>列表结尾之后还有内容</translation>
    </message>
    <message>
        <source>the answer has no items: it is %1</source>
        <translation>应答没有 items：它是 %1</translation>
    </message>
    <message>
        <source>item %1 of the list is longer than %2 MiB</source>
        <translation>列表的第 %1 项超过 %2 MiB</translation>
    </message>
    <message>
        <source>the list is nested too deeply</source>
        <translation>列表嵌套过深</translation>
    </message>
    <message>
        <source>item %1 of the list is broken</source>
        <translation>列表的第 %1 项已损坏</translation>
    </message>
    <message>
        <source>the list is not JSON</source>
        <translation>列表不是 JSON</translation>
    </message>
    <message>
        <source>the name of the list&apos;s items is written with escapes</source>
        <translation>列表的 items 名称使用了转义写法</translation>
    </message>
    <message>
        <source>it holds no PEM certificate</source>
        <translation>其中没有 PEM 证书</translation>
    </message>
    <message>
        <source>it holds no readable certificate</source>
        <translation>其中没有可读取的证书</translation>
    </message>
    <message>
        <source>one of its %1 certificates is broken</source>
        <translation>其中 %1 个证书有一个已损坏</translation>
    </message>
    <message>
        <source>the private key is encrypted, which kubeconfig does not provide for</source>
        <translation>私钥已加密，而 kubeconfig 不支持加密的私钥</translation>
    </message>
    <message>
        <source>it holds no readable private key</source>
        <translation>其中没有可读取的私钥</translation>
    </message>
    <message>
        <source>what keeps them cannot be read: %1</source>
        <translation>无法读取是什么阻碍了它们：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>no pod can be made: the sidecar injector (webhook “%1”) does not answer</source>
        <translation>无法创建 Pod：Sidecar 注入器（Webhook“%1”）没有应答</translation>
    </message>
    <message>
        <source>no pod can be made: the admission webhook “%1” does not answer</source>
        <translation>无法创建 Pod：准入 Webhook“%1”没有应答</translation>
    </message>
    <message>
        <source>Look at the control plane of the mesh that manages this cluster: its injector must be reachable from the API server.</source>
        <translation>请查看托管此集群的网格的控制面：API Server 必须能够访问其注入器。</translation>
    </message>
    <message>
        <source>Repair the service behind that webhook, or remove the webhook.</source>
        <translation>请修复该 Webhook 背后的服务，或移除该 Webhook。</translation>
    </message>
    <message>
        <source>no pod can be made: an admission webhook refuses it</source>
        <translation>无法创建 Pod：某个准入 Webhook 拒绝了它</translation>
    </message>
    <message>
        <source>Change what it objects to, or ask whoever runs that webhook.</source>
        <translation>请更改它所反对的内容，或联系该 Webhook 的管理者。</translation>
    </message>
    <message>
        <source>no pod can be made: the namespace&apos;s quota does not allow it</source>
        <translation>无法创建 Pod：命名空间的配额不允许</translation>
    </message>
    <message>
        <source>no pod can be made: the namespace&apos;s pod security level forbids it</source>
        <translation>无法创建 Pod：命名空间的 Pod 安全级别禁止它</translation>
    </message>
    <message>
        <source>Change the pod&apos;s security context, or the namespace&apos;s level.</source>
        <translation>请更改 Pod 的安全上下文，或命名空间的安全级别。</translation>
    </message>
    <message>
        <source>no pod can be made: its service account is missing</source>
        <translation>无法创建 Pod：缺少其服务账号</translation>
    </message>
    <message>
        <source>Make the service account.</source>
        <translation>请创建该服务账号。</translation>
    </message>
    <message>
        <source>no pod can be made</source>
        <translation>无法创建 Pod</translation>
    </message>
    <message>
        <source>%1 %2, condition ReplicaFailure</source>
        <translation>%1 %2，状况 ReplicaFailure</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>退出码 %1</translation>
    </message>
    <message>
        <source>exit code %1, %2</source>
        <translation>退出码 %1，%2</translation>
    </message>
    <message>
        <source>pod %1, container %2</source>
        <translation>Pod %1，容器 %2</translation>
    </message>
    <message>
        <source>the image %1 cannot be pulled (%2)</source>
        <translation>无法拉取镜像 %1（%2）</translation>
    </message>
    <message>
        <source>Check the image&apos;s name and tag, and that the nodes may pull from that registry.</source>
        <translation>请检查镜像的名称和标签，以及节点是否有权从该镜像仓库拉取。</translation>
    </message>
    <message>
        <source>the container cannot be started (%1)</source>
        <translation>无法启动容器（%1）</translation>
    </message>
    <message>
        <source>Make what it refers to (config maps, secrets, commands), or correct the manifest.</source>
        <translation>请创建它所引用的内容（ConfigMap、Secret、命令），或更正清单。</translation>
    </message>
    <message>
        <source>the container ends again and again, %1 restarts so far</source>
        <translation>容器反复退出，至今已重启 %1 次</translation>
    </message>
    <message>
        <source>the container has ended</source>
        <translation>容器已退出</translation>
    </message>
    <message>
        <source>pod %1</source>
        <translation>Pod %1</translation>
    </message>
    <message>
        <source>the pod waits behind a scheduling gate</source>
        <translation>该 Pod 在等待调度门控</translation>
    </message>
    <message>
        <source>Somebody has to open the gate.</source>
        <translation>需要有人解除该门控。</translation>
    </message>
    <message>
        <source>no node takes the pod</source>
        <translation>没有节点接纳该 Pod</translation>
    </message>
    <message>
        <source>Add nodes or free some, or change what the pod asks of them.</source>
        <translation>请添加节点或腾出节点资源，或更改该 Pod 对节点的要求。</translation>
    </message>
    <message>
        <source>the pod cannot be set up (%1)</source>
        <translation>无法准备该 Pod（%1）</translation>
    </message>
    <message>
        <source>nothing is heard of the pod&apos;s node</source>
        <translation>该 Pod 所在的节点没有消息</translation>
    </message>
    <message>
        <source>the pod runs, but its probe says no</source>
        <translation>Pod 在运行，但其探针检查未通过</translation>
    </message>
    <message>
        <source>a pod was evicted</source>
        <translation>有一个 Pod 被驱逐</translation>
    </message>
    <message>
        <source>a pod has failed</source>
        <translation>有一个 Pod 已失败</translation>
    </message>
    <message>
        <source>a pod has failed (%1)</source>
        <translation>有一个 Pod 已失败（%1）</translation>
    </message>
    <message>
        <source>Deployment %1</source>
        <translation>Deployment %1</translation>
    </message>
    <message>
        <source>event of %1</source>
        <translation>%1 的事件</translation>
    </message>
    <message>
        <source>its rollout is paused</source>
        <translation>其发布已暂停</translation>
    </message>
    <message>
        <source>it makes no progress (%1)</source>
        <translation>它没有进展（%1）</translation>
    </message>
    <message>
        <source>Look at its pods and their events.</source>
        <translation>请查看其 Pod 及这些 Pod 的事件。</translation>
    </message>
    <message>
        <source>renew the kubeconfig</source>
        <translation>更新 kubeconfig</translation>
    </message>
    <message>
        <source>the new one leads to another server: %1</source>
        <translation>新的 kubeconfig 指向另一个服务器：%1</translation>
    </message>
    <message>
        <source>Open the environment again.</source>
        <translation>请重新打开环境。</translation>
    </message>
    <message>
        <source>%1 and %1-data are both given</source>
        <translation>同时给出了 %1 和 %1-data</translation>
    </message>
    <message>
        <source>Keep one of them.</source>
        <translation>请只保留其中之一。</translation>
    </message>
    <message>
        <source>unable to read %1 %2: %3</source>
        <translation>无法读取 %1 %2：%3</translation>
    </message>
    <message>
        <source>the cluster has no server</source>
        <translation>该集群没有 server</translation>
    </message>
    <message>
        <source>Add the API server&apos;s address.</source>
        <translation>请添加 API Server 的地址。</translation>
    </message>
    <message>
        <source>server must be a URL or a host:port pair, but is “%1”</source>
        <translation>server 必须是 URL 或 host:port，实际为“%1”</translation>
    </message>
    <message>
        <source>Begin it with https://</source>
        <translation>请以 https:// 开头</translation>
    </message>
    <message>
        <source>server is not an address: “%1”</source>
        <translation>server 不是地址：“%1”</translation>
    </message>
    <message>
        <source>server has the scheme “%1”; only https and http are possible</source>
        <translation>server 的协议是“%1”；只能使用 https 和 http</translation>
    </message>
    <message>
        <source>cluster %1 in %2</source>
        <translation>%2 中的集群 %1</translation>
    </message>
    <message>
        <source>a certificate authority together with insecure-skip-tls-verify is not allowed</source>
        <translation>不允许同时使用证书颁发机构和 insecure-skip-tls-verify</translation>
    </message>
    <message>
        <source>Keep the certificate authority.</source>
        <translation>请保留证书颁发机构。</translation>
    </message>
    <message>
        <source>certificate-authority: %1</source>
        <translation>certificate-authority：%1</translation>
    </message>
    <message>
        <source>The identity of %1 is not verified (insecure-skip-tls-verify): anybody between can read the credentials.</source>
        <translation>未验证 %1 的身份（insecure-skip-tls-verify）：中间的任何人都能读取凭证。</translation>
    </message>
    <message>
        <source>Give the cluster&apos;s certificate-authority-data instead.</source>
        <translation>请改为给出该集群的 certificate-authority-data。</translation>
    </message>
    <message>
        <source>The environment&apos;s proxy %1 is used.</source>
        <translation>使用环境变量中的代理 %1。</translation>
    </message>
    <message>
        <source>Name %1 in NO_PROXY to connect directly.</source>
        <translation>若要直接连接，请将 %1 列入 NO_PROXY。</translation>
    </message>
    <message>
        <source>as-uid, as-groups and as-user-extra need “as”</source>
        <translation>as-uid、as-groups 和 as-user-extra 需要“as”</translation>
    </message>
    <message>
        <source>%1 holds a character that is not allowed</source>
        <translation>%1 含有不允许的字符</translation>
    </message>
    <message>
        <source>there is a client-key, but no client-certificate</source>
        <translation>有 client-key，但没有 client-certificate</translation>
    </message>
    <message>
        <source>there is a client-certificate, but no client-key</source>
        <translation>有 client-certificate，但没有 client-key</translation>
    </message>
    <message>
        <source>Both halves are needed.</source>
        <translation>两者缺一不可。</translation>
    </message>
    <message>
        <source>client-certificate: %1</source>
        <translation>client-certificate：%1</translation>
    </message>
    <message>
        <source>client-key: %1</source>
        <translation>client-key：%1</translation>
    </message>
    <message>
        <source>the client-key does not belong to the client-certificate</source>
        <translation>client-key 与 client-certificate 不匹配</translation>
    </message>
    <message>
        <source>The client certificate expired on %1.</source>
        <translation>客户端证书已于 %1 过期。</translation>
    </message>
    <message>
        <source>Fetch a new kubeconfig.</source>
        <translation>请获取新的 kubeconfig。</translation>
    </message>
    <message>
        <source>The client certificate is valid only from %1.</source>
        <translation>客户端证书自 %1 起才有效。</translation>
    </message>
    <message>
        <source>Check this machine&apos;s clock.</source>
        <translation>请检查本机时钟。</translation>
    </message>
    <message>
        <source>The client certificate ends on %1.</source>
        <translation>客户端证书将于 %1 到期。</translation>
    </message>
    <message>
        <source>Fetch a new kubeconfig before that.</source>
        <translation>请在此之前获取新的 kubeconfig。</translation>
    </message>
    <message>
        <source>exec and auth-provider are both given</source>
        <translation>同时给出了 exec 和 auth-provider</translation>
    </message>
    <message>
        <source>exec has no command</source>
        <translation>exec 没有 command</translation>
    </message>
    <message>
        <source>exec has the apiVersion “%1”, which is not valid</source>
        <translation>exec 的 apiVersion 是“%1”，无效</translation>
    </message>
    <message>
        <source>Use client.authentication.k8s.io/v1 (v1alpha1 was removed); often a newer version of the tool writes it.</source>
        <translation>请使用 client.authentication.k8s.io/v1（v1alpha1 已被移除）；通常使用较新版本的工具即可生成。</translation>
    </message>
    <message>
        <source>exec has an environment entry without a name</source>
        <translation>exec 有一个环境变量没有名称</translation>
    </message>
    <message>
        <source>exec needs an interactiveMode: Never, IfAvailable or Always</source>
        <translation>exec 需要 interactiveMode：Never、IfAvailable 或 Always</translation>
    </message>
    <message>
        <source>a token and a user name with password are both given; only one is allowed</source>
        <translation>同时给出了令牌和用户名密码；只允许其中之一</translation>
    </message>
    <message>
        <source>unable to read tokenFile %1: %2</source>
        <translation>无法读取 tokenFile %1：%2</translation>
    </message>
    <message>
        <source>tokenFile %1 cannot be read (%2): the token in the kubeconfig is used.</source>
        <translation>无法读取 tokenFile %1（%2）：使用 kubeconfig 中的令牌。</translation>
    </message>
    <message>
        <source>Check the path and its permissions.</source>
        <translation>请检查路径及其权限。</translation>
    </message>
    <message>
        <source>The token of user %1 has spaces or line ends around it; they are left out.</source>
        <translation>用户 %1 的令牌首尾有空格或换行符；已将其去除。</translation>
    </message>
    <message>
        <source>Other tools may refuse it: remove them.</source>
        <translation>其他工具可能拒绝它：请将其去除。</translation>
    </message>
    <message>
        <source>the token holds a line break or another character that is not allowed</source>
        <translation>令牌含有换行符或其他不允许的字符</translation>
    </message>
    <message>
        <source>The address is plain http, so no credentials are sent.</source>
        <translation>该地址是明文 http，因此不会发送凭证。</translation>
    </message>
    <message>
        <source>Begin the cluster&apos;s server with https://</source>
        <translation>请让该集群的 server 以 https:// 开头</translation>
    </message>
    <message>
        <source>the auth-provider “oidc” is not supported here</source>
        <translation>此处不支持 auth-provider“oidc”</translation>
    </message>
    <message>
        <source>the auth-provider “%1” is not supported; Kubernetes has removed these providers</source>
        <translation>不支持 auth-provider“%1”；Kubernetes 已移除这类提供方</translation>
    </message>
    <message>
        <source>Use an exec plugin such as kubelogin, or a token.</source>
        <translation>请使用 kubelogin 之类的 exec 插件，或使用令牌。</translation>
    </message>
    <message>
        <source>Let the cloud&apos;s tool write a new kubeconfig with an exec plugin, or use a token or certificate.</source>
        <translation>请用云厂商的工具生成带 exec 插件的新 kubeconfig，或使用令牌或证书。</translation>
    </message>
    <message>
        <source>the plugin %1 needs a terminal (interactiveMode Always), which a desktop program does not have</source>
        <translation>插件 %1 需要终端（interactiveMode 为 Always），而桌面程序没有终端</translation>
    </message>
    <message>
        <source>Log in with it in a terminal, then use a token or certificate; or set interactiveMode to IfAvailable if it can do without.</source>
        <translation>请用它在终端中登录，然后使用令牌或证书；如果它不需要终端，也可将 interactiveMode 设为 IfAvailable。</translation>
    </message>
    <message>
        <source>User %1 has no credentials: requests are anonymous.</source>
        <translation>用户 %1 没有凭证：请求将以匿名方式发送。</translation>
    </message>
    <message>
        <source>Add a token, a certificate or an exec plugin.</source>
        <translation>请添加令牌、证书或 exec 插件。</translation>
    </message>
    <message>
        <source>Give a kubeconfig that has a context.</source>
        <translation>请提供带有上下文的 kubeconfig。</translation>
    </message>
    <message>
        <source>Choose one of: %1</source>
        <translation>请从中选择一个：%1</translation>
    </message>
    <message>
        <source>there is no context in it</source>
        <translation>其中没有上下文</translation>
    </message>
    <message>
        <source>no current context is set</source>
        <translation>没有设置当前上下文</translation>
    </message>
    <message>
        <source>context was not found for specified context: %1 (it is the current-context)</source>
        <translation>找不到指定的上下文：%1（它是 current-context）</translation>
    </message>
    <message>
        <source>context &quot;%1&quot; does not exist</source>
        <translation>上下文“%1”不存在</translation>
    </message>
    <message>
        <source>context %1 in %2</source>
        <translation>%2 中的上下文 %1</translation>
    </message>
    <message>
        <source>it names no cluster</source>
        <translation>它没有指定集群</translation>
    </message>
    <message>
        <source>its cluster “%1” is not defined</source>
        <translation>其集群“%1”未定义</translation>
    </message>
    <message>
        <source>Add the cluster, or give the file that has it as well.</source>
        <translation>请添加该集群，或一并给出含有它的文件。</translation>
    </message>
    <message>
        <source>The context names no user: requests are anonymous.</source>
        <translation>该上下文没有指定用户：请求将以匿名方式发送。</translation>
    </message>
    <message>
        <source>User “%1” is not defined: requests are anonymous.</source>
        <translation>用户“%1”未定义：请求将以匿名方式发送。</translation>
    </message>
    <message>
        <source>Add the user, or give the file that has it as well.</source>
        <translation>请添加该用户，或一并给出含有它的文件。</translation>
    </message>
    <message>
        <source>“%1” cannot be the name of a namespace.</source>
        <translation>“%1”不能作为命名空间的名称。</translation>
    </message>
    <message>
        <source>Names have lower-case letters, digits and “-”.</source>
        <translation>名称由小写字母、数字和“-”组成。</translation>
    </message>
    <message>
        <source>%1 “%2” in %3 is shadowed by the one in %4.</source>
        <translation>%3 中的%1“%2”被 %4 中的同名项遮盖。</translation>
    </message>
    <message>
        <source>The first file wins; rename one of them to use both.</source>
        <translation>以第一个文件为准；若要两者都用，请重命名其中之一。</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>The credentials are missing, wrong or expired: check the user in the kubeconfig.</source>
        <translation>凭证缺失、错误或已过期：请检查 kubeconfig 中的用户。</translation>
    </message>
    <message>
        <source>Ask the cluster&apos;s administrator for this permission.</source>
        <translation>请向集群管理员申请此权限。</translation>
    </message>
    <message>
        <source>The server is busy: try again in a moment.</source>
        <translation>服务器繁忙：请稍后重试。</translation>
    </message>
    <message>
        <source>Somebody else changed it meanwhile: read it again.</source>
        <translation>其间他人改动了它：请重新读取。</translation>
    </message>
    <message>
        <source>Read the list again.</source>
        <translation>请重新读取列表。</translation>
    </message>
    <message>
        <source>Correct the named fields.</source>
        <translation>请修正所列的字段。</translation>
    </message>
    <message>
        <source>What was to be changed may have been: look before trying again.</source>
        <translation>要做的改动可能已经生效：重试前请先查看。</translation>
    </message>
    <message>
        <source>The server is in trouble: try again in a moment, and look at its log.</source>
        <translation>服务器出现问题：请稍后重试，并查看其日志。</translation>
    </message>
    <message>
        <source>a web page that looks like the login page of a proxy</source>
        <translation>一个看起来像代理登录页的网页</translation>
    </message>
    <message>
        <source>a web page</source>
        <translation>一个网页</translation>
    </message>
    <message>
        <source>%1: “%2”</source>
        <translation>%1：“%2”</translation>
    </message>
    <message>
        <source>A proxy or portal between answers instead of the Kubernetes API server: log in there with a browser, or name the server in NO_PROXY, or check proxy-url and the address.</source>
        <translation>应答的是中间的代理或门户，而不是 Kubernetes API Server：请用浏览器在那里登录，或将该服务器列入 NO_PROXY，或检查 proxy-url 和地址。</translation>
    </message>
    <message>
        <source>This is not a Kubernetes API server&apos;s answer: a proxy or load balancer answers here. Check the address, proxy-url and NO_PROXY.</source>
        <translation>这不是 Kubernetes API Server 的应答：应答的是代理或负载均衡。请检查地址、proxy-url 和 NO_PROXY。</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 项</translation>
    </message>
    <message>
        <source>HTTP status %1</source>
        <translation>HTTP 状态 %1</translation>
    </message>
    <message>
        <source>Another manager owns these fields: leave them out, or apply with force to take them over.</source>
        <translation>这些字段归其他管理者所有：请不要设置它们，或使用强制应用来接管。</translation>
    </message>
    <message>
        <source>the answer is %1</source>
        <translation>应答是%1</translation>
    </message>
    <message>
        <source>the server redirects (HTTP status %1), but does not say where</source>
        <translation>服务器返回重定向（HTTP 状态 %1），但没有说明目标</translation>
    </message>
    <message>
        <source>the server redirects (HTTP status %1) to %2</source>
        <translation>服务器重定向（HTTP 状态 %1）到 %2</translation>
    </message>
    <message>
        <source>A Kubernetes API server does not redirect: a proxy or a login page answers here. The redirect was not followed and no credentials went there. Check the address.</source>
        <translation>Kubernetes API Server 不会返回重定向：应答的是代理或登录页。没有跟随该重定向，也没有向其发送任何凭证。请检查地址。</translation>
    </message>
    <message>
        <source>HTTP status %1: %2</source>
        <translation>HTTP 状态 %1：%2</translation>
    </message>
    <message>
        <source>This server speaks TLS: begin its address with https://</source>
        <translation>此服务器使用 TLS：请让其地址以 https:// 开头</translation>
    </message>
    <message>
        <source>The answer has no reason, so it may come from a proxy or firewall between; else ask the cluster&apos;s administrator for this permission.</source>
        <translation>应答没有给出原因，因此可能来自中间的代理或防火墙；否则请向集群管理员申请此权限。</translation>
    </message>
    <message>
        <source>A load balancer or proxy got no answer from the server behind it. What was to be changed may have been: look before trying again.</source>
        <translation>负载均衡或代理没有收到其后端服务器的应答。要做的改动可能已经生效：重试前请先查看。</translation>
    </message>
    <message>
        <source>This server does not know the address: check the path in the cluster&apos;s server, and the server&apos;s version.</source>
        <translation>此服务器不认识该地址：请检查集群 server 中的路径，以及服务器的版本。</translation>
    </message>
    <message>
        <source>%1; %2</source>
        <translation>%1；%2</translation>
    </message>
    <message>
        <source>the API server cannot be followed: %1</source>
        <translation>无法监听 API Server：%1</translation>
    </message>
    <message>
        <source>the API server gives no answer</source>
        <translation>API Server 没有应答</translation>
    </message>
    <message>
        <source>watch of %1 on %2</source>
        <translation>监听 %2 上的 %1</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 属于 %2</translation>
    </message>
    <message>
        <source>a line of the watch is longer than %1 MiB</source>
        <translation>监听流中有一行超过 %1 MiB</translation>
    </message>
    <message>
        <source>One object of this kind is too large to be watched.</source>
        <translation>此类对象中有一个过大，无法监听。</translation>
    </message>
    <message>
        <source>Free what others use of the quota, or have it raised.</source>
        <translation>请释放其他工作负载占用的配额，或申请提高配额。</translation>
    </message>
    <message>
        <source>Look at the events of its replica set.</source>
        <translation>请查看其 ReplicaSet 的事件。</translation>
    </message>
    <message>
        <source>Look at its log.</source>
        <translation>请查看其日志。</translation>
    </message>
    <message>
        <source>Look at the pod&apos;s events.</source>
        <translation>请查看该 Pod 的事件。</translation>
    </message>
    <message>
        <source>Look at the nodes.</source>
        <translation>请查看节点。</translation>
    </message>
    <message>
        <source>Look at the nodes and what they lack.</source>
        <translation>请查看节点及其缺少的资源。</translation>
    </message>
    <message>
        <source>Resume it.</source>
        <translation>请恢复发布。</translation>
    </message>
    <message>
        <source>see whether there is %1</source>
        <translation>查看 %1 是否存在</translation>
    </message>
</context>
<context>
    <name>KubeClient</name>
    <message>
        <source>find the address of a kind of object</source>
        <translation>查找某类对象的地址</translation>
    </message>
    <message>
        <source>this kind is not known here</source>
        <translation>此处不认识这类对象</translation>
    </message>
</context>
<context>
    <name>KubeExec</name>
    <message>
        <source>run %1 in pod %2/%3</source>
        <translation>在 Pod %2/%3 中运行 %1</translation>
    </message>
    <message>
        <source>the connection did not open within %1 s</source>
        <translation>连接在 %1 s 内未能建立</translation>
    </message>
    <message>
        <source>Check that the cluster&apos;s API server can reach the pod&apos;s node.</source>
        <translation>请检查该集群的 API Server 能否访问 Pod 所在的节点。</translation>
    </message>
    <message>
        <source>a pod, its namespace and a command are needed</source>
        <translation>需要 Pod、它的命名空间以及一条命令</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>the server sent text on a binary connection</source>
        <translation>服务器在二进制连接上发送了文本</translation>
    </message>
    <message>
        <source>the server chose no protocol for the streams</source>
        <translation>服务器没有为数据流选择协议</translation>
    </message>
    <message>
        <source>the server chose the unknown protocol %1</source>
        <translation>服务器选择了未知协议 %1</translation>
    </message>
    <message>
        <source>A proxy between may remove Sec-WebSocket-Protocol.</source>
        <translation>中间的代理可能移除了 Sec-WebSocket-Protocol。</translation>
    </message>
    <message>
        <source>The command may still be running.</source>
        <translation>该命令可能仍在运行。</translation>
    </message>
    <message>
        <source>connection refused</source>
        <translation>连接被拒绝</translation>
    </message>
    <message>
        <source>Check that the server runs and that the address and port are right.</source>
        <translation>请检查服务器是否在运行，以及地址和端口是否正确。</translation>
    </message>
    <message>
        <source>the server refused the WebSocket: %1</source>
        <translation>服务器拒绝了 WebSocket：%1</translation>
    </message>
    <message>
        <source>The address answers ordinary requests; this is not a Kubernetes API server, or a proxy is between.</source>
        <translation>该地址应答普通请求；它不是 Kubernetes API Server，或中间有代理。</translation>
    </message>
    <message>
        <source>the server refused the WebSocket, though access is allowed: %1</source>
        <translation>尽管权限允许，服务器仍拒绝了 WebSocket：%1</translation>
    </message>
    <message>
        <source>A proxy between may remove the upgrade headers, or the server knows none of the protocols.</source>
        <translation>中间的代理可能移除了升级请求头，或服务器不支持任何一种协议。</translation>
    </message>
    <message>
        <source>the connection is lost: nothing was heard for %1 s</source>
        <translation>连接已丢失：%1 s 内没有收到任何消息</translation>
    </message>
    <message>
        <source>the connection is lost: it closed before the command&apos;s end was known (close code %1</source>
        <translation>连接已丢失：在得知命令结果之前连接已关闭 (关闭码 %1</translation>
    </message>
    <message>
        <source>the host name does not resolve</source>
        <translation>无法解析主机名</translation>
    </message>
    <message>
        <source>Check the address and the network between.</source>
        <translation>请检查地址以及中间的网络。</translation>
    </message>
    <message>
        <source>Running a command over WebSocket needs the verb get on pods/exec (older servers check nothing else), and from Kubernetes 1.35 create as well: ask the cluster&apos;s administrator for both.</source>
        <translation>通过 WebSocket 运行命令需要 pods/exec 的 get 权限（较旧的服务器只检查这一项），自 Kubernetes 1.35 起还需要 create 权限：请向集群管理员申请这两项。</translation>
    </message>
</context>
<context>
    <name>KubeLogs</name>
    <message>
        <source>read the log of pod %1/%2</source>
        <translation>读取 Pod %1/%2 的日志</translation>
    </message>
    <message>
        <source>a pod and its namespace are needed</source>
        <translation>需要 Pod 及其命名空间</translation>
    </message>
    <message>
        <source>Reading logs needs the verb get on pods/log: ask the cluster&apos;s administrator.</source>
        <translation>读取日志需要 pods/log 的 get 权限：请联系集群管理员。</translation>
    </message>
</context>
<context>
    <name>KubeWatch</name>
    <message>
        <source>watch %1</source>
        <translation>监听 %1</translation>
    </message>
    <message>
        <source>watch %1 in namespace %2</source>
        <translation>监听命名空间 %2 中的 %1</translation>
    </message>
    <message>
        <source>the server ends the watch at once</source>
        <translation>服务器立即结束了监听</translation>
    </message>
    <message>
        <source>the server answers, but not to this watch</source>
        <translation>服务器有应答，但没有回应此监视请求</translation>
    </message>
    <message>
        <source>list %1</source>
        <translation>列出 %1</translation>
    </message>
    <message>
        <source>list %1 in namespace %2</source>
        <translation>列出命名空间 %2 中的 %1</translation>
    </message>
    <message>
        <source>Check that the address is a Kubernetes API server&apos;s.</source>
        <translation>请检查该地址是否属于 Kubernetes API Server。</translation>
    </message>
    <message>
        <source>the list does not end: the same page comes again</source>
        <translation>列表没有终点：同一页再次出现</translation>
    </message>
</context>
<context>
    <name>LoseThis</name>
    <message>
        <source>Lose this…</source>
        <translation>让它失效…</translation>
    </message>
    <message>
        <source>No environment is open.</source>
        <translation>未打开任何环境。</translation>
    </message>
    <message>
        <source>A drill is running.</source>
        <translation>有演练正在运行。</translation>
    </message>
</context>
<context>
    <name>MapText</name>
    <message>
        <source>%1 clusters, %2 pods</source>
        <translation>%1 个集群，%2 个 Pod</translation>
    </message>
    <message>
        <source>no workloads yet</source>
        <translation>还没有工作负载</translation>
    </message>
    <message>
        <source>+%1 more</source>
        <translation>另外 %1 个</translation>
    </message>
    <message>
        <source>Trust root</source>
        <translation>信任根</translation>
    </message>
    <message>
        <source>of 1 mesh</source>
        <translation>属于 1 个网格</translation>
    </message>
    <message>
        <source>shared by %1 meshes</source>
        <translation>由 %1 个网格共享</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>尚未读取</translation>
    </message>
    <message>
        <source>Gateway of %1</source>
        <translation>%1 的网关</translation>
    </message>
    <message>
        <source>declared, not seen yet</source>
        <translation>已声明，尚未看到</translation>
    </message>
    <message>
        <source>%1 of %2 pods ready</source>
        <translation>%2 个 Pod 中 %1 个就绪</translation>
    </message>
    <message>
        <source>mesh %1 chains to this root</source>
        <translation>网格 %1 的证书链以此根证书为根</translation>
    </message>
    <message>
        <source>%1 manages %2: injects and configures</source>
        <translation>%1 托管 %2：注入并下发配置</translation>
    </message>
    <message>
        <source>%1 discovers %2: reads services and endpoints</source>
        <translation>%1 发现 %2：读取服务和服务端点</translation>
    </message>
    <message>
        <source>%1 knows %2; the provider does not tell how</source>
        <translation>%1 已添加 %2；提供方没有说明是何种模式</translation>
    </message>
    <message>
        <source>trust</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>managed</source>
        <translation>托管</translation>
    </message>
    <message>
        <source>discovery-only</source>
        <translation>仅服务发现</translation>
    </message>
    <message>
        <source>mode not told</source>
        <translation>模式未知</translation>
    </message>
    <message>
        <source>cross-network</source>
        <translation>跨网络</translation>
    </message>
    <message>
        <source>errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>no mesh</source>
        <translation>没有网格</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 个失败</translation>
    </message>
    <message>
        <source>requests from %1 to %2, mutual TLS on port 15443</source>
        <translation>从 %1 到 %2 的请求，端口 15443 上的双向 TLS</translation>
    </message>
    <message>
        <source>configured; no request has proven it</source>
        <translation>已配置；尚无请求加以证明</translation>
    </message>
    <message>
        <source>proven, answers</source>
        <translation>已证明，有应答</translation>
    </message>
    <message>
        <source>requests from clusters of %1 to those of %2</source>
        <translation>从 %1 的集群到 %2 的集群的请求</translation>
    </message>
    <message>
        <source>%1 of %2 failed</source>
        <translation>%2 个中 %1 个失败</translation>
    </message>
</context>
<context>
    <name>MeshOperations</name>
    <message>
        <source>is missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>is not a text</source>
        <translation>不是文本</translation>
    </message>
    <message>
        <source>“%1” is not a name</source>
        <translation>“%1”不是名称</translation>
    </message>
    <message>
        <source>is not a list of texts</source>
        <translation>不是文本列表</translation>
    </message>
    <message>
        <source>is neither true nor false</source>
        <translation>既不是 true 也不是 false</translation>
    </message>
    <message>
        <source>is not an object with something in it</source>
        <translation>不是有内容的对象</translation>
    </message>
    <message>
        <source>is not known</source>
        <translation>此处不认识它</translation>
    </message>
    <message>
        <source>the mode must be managed or discovery-only</source>
        <translation>模式必须是 managed 或 discovery-only</translation>
    </message>
    <message>
        <source>Let %1 manage %2</source>
        <translation>让 %1 托管 %2</translation>
    </message>
    <message>
        <source>Let %1 discover %2</source>
        <translation>让 %1 发现 %2</translation>
    </message>
    <message>
        <source>%1 is a member already, in another mode</source>
        <translation>%1 已是成员，但模式不同</translation>
    </message>
    <message>
        <source>Plan again: the world has changed since.</source>
        <translation>请重新制定计划：实际状况已经变化。</translation>
    </message>
    <message>
        <source>Remove %1 from %2</source>
        <translation>从 %2 移除 %1</translation>
    </message>
    <message>
        <source>the environment has no cloud account</source>
        <translation>此环境没有云账号</translation>
    </message>
    <message>
        <source>Add alibabaCloud to the environment file.</source>
        <translation>请在环境文件中添加 alibabaCloud。</translation>
    </message>
    <message>
        <source>there is no mesh of this name</source>
        <translation>没有该名称的网格</translation>
    </message>
    <message>
        <source>the mesh is still not running</source>
        <translation>网格仍未进入运行中状态</translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>the mesh is %1: %2</source>
        <translation>网格状态为%1：%2</translation>
    </message>
    <message>
        <source>Repair or delete it in the console of the service mesh.</source>
        <translation>请在服务网格控制台修复或删除它。</translation>
    </message>
    <message>
        <source>%1 is still %2</source>
        <translation>%1 仍为 %2</translation>
    </message>
    <message>
        <source>it is another mesh of this name now: %1, not %2</source>
        <translation>现在这个名称属于另一个网格：%1，而不是 %2</translation>
    </message>
    <message>
        <source>the mesh %1 is not there any more</source>
        <translation>网格 %1 已不存在</translation>
    </message>
    <message>
        <source>it is being deleted already</source>
        <translation>它已在删除中</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>it was gone already</source>
        <translation>它早已不存在</translation>
    </message>
    <message>
        <source>the mesh is still there</source>
        <translation>该网格仍然存在</translation>
    </message>
    <message>
        <source>nothing on it tells that Catamaran made it (an earlier version left no tag %1)</source>
        <translation>其上没有任何信息表明它由 Catamaran 创建（早期版本未留下标签 %1）</translation>
    </message>
    <message>
        <source>it was made by execution %1 of Catamaran</source>
        <translation>它由 Catamaran 的执行记录 %1 创建</translation>
    </message>
    <message>
        <source>it went with the mesh %1 (%2)</source>
        <translation>它已随网格 %1 一起消失（%2）</translation>
    </message>
    <message>
        <source>Wait until %1 runs</source>
        <translation>等待 %1 进入运行中状态</translation>
    </message>
    <message>
        <source>%1 (%2) is %3</source>
        <translation>%1（%2）的状态为 %3</translation>
    </message>
    <message>
        <source>Create %1 where %2 is</source>
        <translation>在 %2 所在位置创建 %1</translation>
    </message>
    <message>
        <source>the mesh is still being made</source>
        <translation>该网格仍在创建中</translation>
    </message>
    <message>
        <source>the step %1 has left no root</source>
        <translation>步骤 %1 没有留下根证书</translation>
    </message>
    <message>
        <source>Plan again.</source>
        <translation>请重新制定计划。</translation>
    </message>
    <message>
        <source>there is no secret store</source>
        <translation>没有密钥存储</translation>
    </message>
    <message>
        <source>another root lies there by now</source>
        <translation>那里现在是另一个根证书</translation>
    </message>
    <message>
        <source>(issuing certificate of %1, made from the root)</source>
        <translation>（由根证书签发的 %1 签发证书）</translation>
    </message>
    <message>
        <source>(issuing certificate of %1 and the root)</source>
        <translation>（%1 的签发证书和根证书）</translation>
    </message>
    <message>
        <source>(the root %1)</source>
        <translation>（根证书 %1）</translation>
    </message>
    <message>
        <source>(the execution that makes it)</source>
        <translation>（创建它的执行记录）</translation>
    </message>
    <message>
        <source>a mesh of this name is being deleted</source>
        <translation>同名网格正在删除中</translation>
    </message>
    <message>
        <source>Try again when it is gone.</source>
        <translation>请在它消失后重试。</translation>
    </message>
    <message>
        <source>%1 has the id %2</source>
        <translation>%1 的 ID 是 %2</translation>
    </message>
    <message>
        <source>the account does not show the mesh</source>
        <translation>账号中没有显示该网格</translation>
    </message>
    <message>
        <source>%1 has the id %2 and is %3</source>
        <translation>%1 的 ID 为 %2，状态为 %3</translation>
    </message>
    <message>
        <source>delete %1, which was made</source>
        <translation>删除已创建的 %1</translation>
    </message>
    <message>
        <source>it was there before</source>
        <translation>它之前就已存在</translation>
    </message>
    <message>
        <source>Delete it by hand, if it may go.</source>
        <translation>如果可以删除，请手动删除。</translation>
    </message>
    <message>
        <source>it has clusters: %1</source>
        <translation>其中有集群：%1</translation>
    </message>
    <message>
        <source>Remove them from %1 first, if they may go.</source>
        <translation>如果可以移除，请先从 %1 移除它们。</translation>
    </message>
    <message>
        <source>%1 (%2) is gone</source>
        <translation>%1（%2）已删除</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>删除 %1</translation>
    </message>
    <message>
        <source>A mesh cannot be brought back: what it held of configuration goes with it.</source>
        <translation>网格无法找回：其中保存的配置将一并消失。</translation>
    </message>
    <message>
        <source>left as it is: %1 (if it may go: --foreign mesh/%2)</source>
        <translation>维持现状：%1（如果可以删除：--foreign mesh/%2）</translation>
    </message>
    <message>
        <source>Somebody else&apos;s mesh is not deleted unless that is asked for. If it may go: --foreign mesh/%1</source>
        <translation>除非明确要求，否则不会删除他人的网格。如果可以删除：--foreign mesh/%1</translation>
    </message>
    <message>
        <source>there is no mesh of this name any more</source>
        <translation>已没有这个名称的网格</translation>
    </message>
    <message>
        <source>bring %1 back</source>
        <translation>找回 %1</translation>
    </message>
    <message>
        <source>what it held of configuration is gone</source>
        <translation>其中保存的配置已丢失</translation>
    </message>
    <message>
        <source>Plan again what you want.</source>
        <translation>请按您的需要重新制定计划。</translation>
    </message>
    <message>
        <source>%1 is still not a member</source>
        <translation>%1 仍不是成员</translation>
    </message>
    <message>
        <source>%1 is a member, state: %2</source>
        <translation>%1 是成员，状态：%2</translation>
    </message>
    <message>
        <source>%1 is still a member</source>
        <translation>%1 仍是成员</translation>
    </message>
    <message>
        <source>%1 is no member</source>
        <translation>%1 不是成员</translation>
    </message>
    <message>
        <source>AS-IT-WAS</source>
        <translation>AS-IT-WAS</translation>
    </message>
    <message>
        <source>add %1 to %2 again</source>
        <translation>重新将 %1 添加到 %2</translation>
    </message>
    <message>
        <source>the provider did not tell in which mode it was a member</source>
        <translation>提供方没有说明它原先以何种模式作为成员</translation>
    </message>
    <message>
        <source>Add it by hand, in the mode that it had.</source>
        <translation>请按它原有的模式手动添加。</translation>
    </message>
    <message>
        <source>Inject sidecars into namespace %1 in %2</source>
        <translation>在 %2 中对命名空间 %1 启用 Sidecar 注入</translation>
    </message>
    <message>
        <source>Stop injecting sidecars into namespace %1 in %2</source>
        <translation>在 %2 中对命名空间 %1 停用 Sidecar 注入</translation>
    </message>
    <message>
        <source>the namespace still does not show it</source>
        <translation>该命名空间仍未体现此设置</translation>
    </message>
    <message>
        <source>%1 injects into %2</source>
        <translation>%1 对 %2 启用了注入</translation>
    </message>
    <message>
        <source>%1 does not inject into %2</source>
        <translation>%1 未对 %2 启用注入</translation>
    </message>
    <message>
        <source>give the injection of %1 in %2 its former setting</source>
        <translation>将 %2 中 %1 的注入恢复为原有设置</translation>
    </message>
    <message>
        <source>it was not the same in all clusters, and the mesh sets one for all: %1</source>
        <translation>各集群中的设置原本并不相同，而网格会对所有集群统一设置：%1</translation>
    </message>
    <message>
        <source>of %1: %2</source>
        <translation>%1 的设置：%2</translation>
    </message>
    <message>
        <source>Take away the gateways of %1</source>
        <translation>撤除 %1 的网关</translation>
    </message>
    <message>
        <source>Set the networks of %1</source>
        <translation>设置 %1 的网络</translation>
    </message>
    <message>
        <source>it was set meanwhile</source>
        <translation>其间它已被设置</translation>
    </message>
    <message>
        <source>somebody else has changed the networks meanwhile: %1</source>
        <translation>其间他人改动了网络：%1</translation>
    </message>
    <message>
        <source>the networks are still not as they were set</source>
        <translation>网络配置仍与设置不符</translation>
    </message>
    <message>
        <source>give the networks of %1 their former setting</source>
        <translation>将 %1 的网络恢复为原有设置</translation>
    </message>
    <message>
        <source>Prove that all meshes have the same root</source>
        <translation>证明所有网格的根证书相同</translation>
    </message>
    <message>
        <source>its root could not be read: %1</source>
        <translation>无法读取其根证书：%1</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 和 %2</translation>
    </message>
    <message>
        <source>their roots differ: %1… and %2…</source>
        <translation>它们的根证书不同：%1… 与 %2…</translation>
    </message>
    <message>
        <source>The root of a mesh cannot be changed after its creation: delete one of them and apply again.</source>
        <translation>网格创建后无法更换根证书：请删除其中一个网格，然后重新执行。</translation>
    </message>
    <message>
        <source>all have the root %1…</source>
        <translation>所有网格的根证书均为 %1…</translation>
    </message>
    <message>
        <source>they have a root in common, and others besides: a rotation is under way</source>
        <translation>它们有共同的根证书，此外还有其他根证书：正在轮换</translation>
    </message>
    <message>
        <source>take the root %1</source>
        <translation>取用根证书 %1</translation>
    </message>
    <message>
        <source>it is still there</source>
        <translation>它仍然存在</translation>
    </message>
    <message>
        <source>Remove the entry from the keyring by hand.</source>
        <translation>请手动从密钥环中删除该条目。</translation>
    </message>
    <message>
        <source>Make the offline root %1, or take it from the keyring</source>
        <translation>生成离线根证书 %1，或从密钥环中取用</translation>
    </message>
    <message>
        <source>Make the offline root %1</source>
        <translation>生成离线根证书 %1</translation>
    </message>
    <message>
        <source>Take the offline root of %1 from the keyring</source>
        <translation>从密钥环中取用 %1 的离线根证书</translation>
    </message>
    <message>
        <source>(SHA-256 of the root of %1)</source>
        <translation>（%1 的根证书的 SHA-256）</translation>
    </message>
    <message>
        <source>(of an earlier version: used only when it is the root that the meshes have, and copied)</source>
        <translation>（来自早期版本：仅当它就是各网格的根证书时才使用，并加以复制）</translation>
    </message>
    <message>
        <source>(SHA-256 of the root)</source>
        <translation>（根证书的 SHA-256）</translation>
    </message>
    <message>
        <source>key=%1 (only when it is not there yet)</source>
        <translation>key=%1（仅当尚不存在时）</translation>
    </message>
    <message>
        <source>key=%1 (only when it is not there yet; until it is written down which one it is, it lies in %2)</source>
        <translation>key=%1（仅当尚不存在时；在记下是哪一个之前，它存放在 %2）</translation>
    </message>
    <message>
        <source>(execution)</source>
        <translation>（执行记录）</translation>
    </message>
    <message>
        <source>(step)</source>
        <translation>（步骤）</translation>
    </message>
    <message>
        <source>Every environment whose fleet names the root %1 shares it: it stays in the keyring.</source>
        <translation>凡舰队文档指定根证书 %1 的环境都共享它：它保留在密钥环中。</translation>
    </message>
    <message>
        <source>a mesh is still not running</source>
        <translation>仍有网格未进入运行中状态</translation>
    </message>
    <message>
        <source>kept as %1</source>
        <translation>已保存为 %1</translation>
    </message>
    <message>
        <source>found as %1</source>
        <translation>已找到，名称为 %1</translation>
    </message>
    <message>
        <source>the keyring does not have it any more</source>
        <translation>密钥环中已没有它</translation>
    </message>
    <message>
        <source>the root %1… lies in the keyring</source>
        <translation>根证书 %1… 在密钥环中</translation>
    </message>
    <message>
        <source>remove the root %1 from the keyring</source>
        <translation>从密钥环中删除根证书 %1</translation>
    </message>
    <message>
        <source>it stays in the keyring: %1</source>
        <translation>它保留在密钥环中：%1</translation>
    </message>
    <message>
        <source>it was not made for this alone</source>
        <translation>它不是专为此处创建的</translation>
    </message>
    <message>
        <source>%1 has this root, and nobody else has its key</source>
        <translation>%1 使用此根证书，而其他人都没有它的密钥</translation>
    </message>
    <message>
        <source>the root of %1 is not known, and may be this one: %2</source>
        <translation>%1 的根证书未知，可能就是这一个：%2</translation>
    </message>
    <message>
        <source>Try again when it is.</source>
        <translation>请在得知之后重试。</translation>
    </message>
    <message>
        <source>it is gone from the keyring</source>
        <translation>它已从密钥环中删除</translation>
    </message>
    <message>
        <source>stopped on request</source>
        <translation>已按要求停止</translation>
    </message>
    <message>
        <source>Run it again to go on from here.</source>
        <translation>请再次运行，从此处继续。</translation>
    </message>
    <message>
        <source>%1 after %2 s</source>
        <translation>%1（%2 s 后）</translation>
    </message>
    <message>
        <source>Run it again when it is done; what was done already stays.</source>
        <translation>完成后请再次运行；已完成的部分会保留。</translation>
    </message>
    <message>
        <source>Add one to the environment file.</source>
        <translation>请在环境文件中添加一个。</translation>
    </message>
    <message>
        <source>must be an address like https://host:port</source>
        <translation>必须是形如 https://host:port 的地址</translation>
    </message>
    <message>
        <source>must be an address like https://cs.%1.aliyuncs.com, with %1 for the region</source>
        <translation>必须是形如 https://cs.%1.aliyuncs.com 的地址，其中 %1 代表地域</translation>
    </message>
    <message>
        <source>“%1” cannot be read: %2</source>
        <translation>无法读取“%1”：%2</translation>
    </message>
    <message>
        <source>“%1” holds no PEM certificate</source>
        <translation>“%1”中没有 PEM 证书</translation>
    </message>
    <message>
        <source>must be a region such as cn-hangzhou, but is “%1”</source>
        <translation>必须是 cn-hangzhou 这样的地域，实际为“%1”</translation>
    </message>
    <message>
        <source>names a region twice</source>
        <translation>同一地域出现了两次</translation>
    </message>
    <message>
        <source>names no region</source>
        <translation>没有指定地域</translation>
    </message>
    <message>
        <source>must be a role such as acs:ram::1234567890123456:role/catamaran</source>
        <translation>必须是 acs:ram::1234567890123456:role/catamaran 这样的角色</translation>
    </message>
    <message>
        <source>must be 2 to 64 letters, digits, “.”, “@”, “_” and “-”</source>
        <translation>必须是 2 到 64 个字母、数字、“.”、“@”、“_”和“-”</translation>
    </message>
    <message>
        <source>must be a time such as 2026-01-02T03:04:05Z</source>
        <translation>必须是 2026-01-02T03:04:05Z 这样的时间</translation>
    </message>
    <message>
        <source>profile %1 of the aliyun command line tool</source>
        <translation>aliyun 命令行工具的配置 %1</translation>
    </message>
    <message>
        <source>(the current one)</source>
        <translation>（当前配置）</translation>
    </message>
    <message>
        <source>the access key of the environment&apos;s variables</source>
        <translation>环境变量中的 AccessKey</translation>
    </message>
    <message>
        <source>AccessKey %1</source>
        <translation>AccessKey %1</translation>
    </message>
    <message>
        <source>%1 as %2, %3</source>
        <translation>%1（扮演角色 %2），%3</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>use the credentials of profile %1</source>
        <translation>使用配置 %1 的凭证</translation>
    </message>
    <message>
        <source>read the access key&apos;s secret</source>
        <translation>读取 AccessKey Secret</translation>
    </message>
    <message>
        <source>Enter the access key&apos;s secret again.</source>
        <translation>请重新输入 AccessKey Secret。</translation>
    </message>
    <message>
        <source>open the cloud account</source>
        <translation>打开云账号</translation>
    </message>
    <message>
        <source>the access key&apos;s secret is empty</source>
        <translation>AccessKey Secret 为空</translation>
    </message>
    <message>
        <source>Put it where alibabaCloud.accessKeySecret says.</source>
        <translation>请将它放到 alibabaCloud.accessKeySecret 所指的位置。</translation>
    </message>
    <message>
        <source>read the security token</source>
        <translation>读取安全令牌</translation>
    </message>
    <message>
        <source>the security token is empty</source>
        <translation>安全令牌为空</translation>
    </message>
    <message>
        <source>Put it where alibabaCloud.securityToken says.</source>
        <translation>请将其放到 alibabaCloud.securityToken 指定的位置。</translation>
    </message>
    <message>
        <source>must have one of accessKeyId, profile and variables</source>
        <translation>必须且只能有 accessKeyId、profile 和 variables 之一</translation>
    </message>
    <message>
        <source>goes with accessKeyId alone</source>
        <translation>只能与 accessKeyId 一起使用</translation>
    </message>
    <message>
        <source>must be true, or left out</source>
        <translation>必须为 true，或者省略</translation>
    </message>
    <message>
        <source>goes with securityToken alone</source>
        <translation>只能与 securityToken 一起使用</translation>
    </message>
    <message>
        <source>goes with profile alone</source>
        <translation>只能与 profile 一起使用</translation>
    </message>
    <message>
        <source>Alibaba Cloud account</source>
        <translation>阿里云账号</translation>
    </message>
    <message>
        <source>Check the access key&apos;s permissions (RAM) and the endpoints of this environment; until it answers nobody knows what is there.</source>
        <translation>请检查 AccessKey 的权限（RAM）以及此环境的服务接入点；在它应答之前，无从得知那里有什么。</translation>
    </message>
    <message>
        <source>Bind an EIP to the API server: the other mesh reads services and endpoints through it.</source>
        <translation>请为 API Server 绑定 EIP：另一个网格通过它读取服务和服务端点。</translation>
    </message>
    <message>
        <source>Connect Alibaba Cloud</source>
        <translation>连接阿里云</translation>
    </message>
    <message>
        <source>With an AccessKey, Catamaran finds your ACK clusters and ASM instances. The key&apos;s secret stays in the desktop&apos;s keyring.</source>
        <translation>使用 AccessKey，Catamaran 会找到您的 ACK 集群和 ASM 实例。AccessKey Secret 保存在桌面密钥环中。</translation>
    </message>
    <message>
        <source>ACK cluster id</source>
        <translation>ACK 集群 ID</translation>
    </message>
    <message>
        <source>where it is an ACK cluster of the account</source>
        <translation>如果它是该账号的 ACK 集群</translation>
    </message>
    <message>
        <source>“%1” is not a mesh version</source>
        <translation>“%1”不是网格版本</translation>
    </message>
    <message>
        <source>Write it like %1</source>
        <translation>请写成 %1 的形式</translation>
    </message>
    <message>
        <source>%1 is too old: meshes share a root and discover each other&apos;s clusters from %2 on</source>
        <translation>%1 版本过旧：从 %2 起网格才能共享根证书并互相发现集群</translation>
    </message>
    <message>
        <source>Use %1 or a newer version</source>
        <translation>请使用 %1 或更高版本</translation>
    </message>
    <message>
        <source>AccessKey &amp;id</source>
        <translation>AccessKey ID(&amp;I)</translation>
    </message>
    <message>
        <source>AccessKey s&amp;ecret</source>
        <translation>AccessKey Secret(&amp;E)</translation>
    </message>
    <message>
        <source>kept in the keyring, never in a file</source>
        <translation>保存在密钥环中，从不写入文件</translation>
    </message>
    <message>
        <source>Re&amp;gions</source>
        <translation>地域(&amp;G)</translation>
    </message>
    <message>
        <source>read a mesh</source>
        <translation>读取网格</translation>
    </message>
    <message>
        <source>it is not running</source>
        <translation>它未在运行</translation>
    </message>
    <message>
        <source>read the meshes</source>
        <translation>读取各网格</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>find a cluster</source>
        <translation>查找集群</translation>
    </message>
    <message>
        <source>the environment has no cluster of this name</source>
        <translation>环境没有该名称的集群</translation>
    </message>
    <message>
        <source>find a cluster in the cloud account</source>
        <translation>在云账号中查找集群</translation>
    </message>
    <message>
        <source>the account has no such cluster</source>
        <translation>该账号没有这个集群</translation>
    </message>
    <message>
        <source>Check cloudId and region in the environment file.</source>
        <translation>请检查环境文件中的 cloudId 和 region。</translation>
    </message>
    <message>
        <source>there is no provider “%1”</source>
        <translation>没有提供方“%1”</translation>
    </message>
    <message>
        <source>Use one of these: %1.</source>
        <translation>请使用以下之一：%1。</translation>
    </message>
    <message>
        <source>Add %1 to the environment file.</source>
        <translation>请将 %1 添加到环境文件。</translation>
    </message>
    <message>
        <source>Create the missing mesh in the console of the service mesh with “reuse the root certificate of an existing instance: %1” (advanced options), then apply again; or destroy the fleet and apply it anew.</source>
        <translation>请在服务网格控制台创建缺少的网格，并在高级选项中选中“复用已有ASM实例根证书：%1”，然后重新执行；或者拆除舰队后从头执行。</translation>
    </message>
    <message>
        <source>read the trust root</source>
        <translation>读取信任根</translation>
    </message>
    <message>
        <source>the keyring&apos;s entry holds no certificate with its key</source>
        <translation>密钥环的条目中没有带密钥的证书</translation>
    </message>
    <message>
        <source>Remove the entry from the keyring if no mesh uses it.</source>
        <translation>如果没有网格使用它，请从密钥环中删除该条目。</translation>
    </message>
    <message>
        <source>keep the trust root</source>
        <translation>保存信任根</translation>
    </message>
    <message>
        <source>another root lies there by now, and is not written over</source>
        <translation>此时那里已有另一个根证书，不会覆盖它</translation>
    </message>
    <message>
        <source>Apply again to use that one.</source>
        <translation>请重新执行，以使用该根证书。</translation>
    </message>
    <message>
        <source>use the trust root</source>
        <translation>使用信任根</translation>
    </message>
    <message>
        <source>its root could not be read, so nobody knows which key made it: %1</source>
        <translation>无法读取其根证书，因此无从得知它由哪个密钥生成：%1</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>%1 exists already, but the keyring does not have the key of its root</source>
        <translation>%1 已存在，但密钥环中没有其根证书的密钥</translation>
    </message>
    <message>
        <source>%1 exists already, and the key of its root was kept only as long as the program ran that made it, because no keyring answers</source>
        <translation>%1 已存在，而其根证书的密钥只在生成它的程序运行期间保留，因为没有密钥环应答</translation>
    </message>
    <message>
        <source>%1 has another root than the one in the keyring</source>
        <translation>%1 的根证书与密钥环中的不同</translation>
    </message>
    <message>
        <source>an Alibaba Cloud account with an AccessKey, whose secret stays in the keyring, and ACK clusters in it</source>
        <translation>带有 AccessKey 的阿里云账号（AccessKey Secret 保存在密钥环中），以及其中的 ACK 集群</translation>
    </message>
    <message>
        <source>Whoever made the root of %1 has its key: give the missing control plane a Secret cacerts under it by hand, or let the fleet keep its roots apart (trust: root: separate). Giving %1 another root takes a restart of its control plane and of every pod with a sidecar; until then those with the old and those with the new certificates refuse each other.</source>
        <translation>%1 根证书的密钥在其创建者手中：请手动为缺少的控制面提供该根证书下的 Secret cacerts，或让舰队各自保留根证书（trust: root: separate）。为 %1 换用另一个根证书需要重启其控制面和每个带 Sidecar 的 Pod；在此之前，持旧证书与持新证书的各方会互相拒绝。</translation>
    </message>
</context>
<context>
    <name>Net</name>
    <message>
        <source>no answer within %1 s</source>
        <translation>%1 s 内没有应答</translation>
    </message>
    <message>
        <source>The server is overloaded or hangs, or something between swallows answers: try again.</source>
        <translation>服务器过载或已挂起，或中间有什么吞掉了应答：请重试。</translation>
    </message>
    <message>
        <source>no encrypted connection within %1 s: the server cannot be reached, or does not answer the TLS handshake</source>
        <translation>%1 s 内未能建立加密连接：无法访问该服务器，或它没有应答 TLS 握手</translation>
    </message>
    <message>
        <source>Check the address and port, and whether a firewall or proxy is between.</source>
        <translation>请检查地址和端口，以及中间是否有防火墙或代理。</translation>
    </message>
    <message>
        <source>no connection, or no answer on it, within %1 s</source>
        <translation>%1 s 内未能建立连接，或连接上没有应答</translation>
    </message>
    <message>
        <source>Check the address and port, and whether a firewall is between. If this server speaks TLS, begin its address with https://</source>
        <translation>请检查地址和端口，以及中间是否有防火墙。如果此服务器使用 TLS，请让其地址以 https:// 开头</translation>
    </message>
    <message>
        <source>no answer within %1 s: the connection stands and the request was sent</source>
        <translation>%1 s 内没有应答：连接已建立，请求也已发送</translation>
    </message>
    <message>
        <source>the answer did not end within %1 s; %2 bytes of its body came</source>
        <translation>应答在 %1 s 内没有结束；已收到 %2 字节正文</translation>
    </message>
    <message>
        <source>The network is slow, or something between holds the answer back: try again.</source>
        <translation>网络缓慢，或中间有什么扣住了应答：请重试。</translation>
    </message>
    <message>
        <source>send a request</source>
        <translation>发送请求</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>HTTP status %1, with an answer longer than %2 MiB</source>
        <translation>HTTP 状态 %1，且应答超过 %2 MiB</translation>
    </message>
    <message>
        <source>It was broken off there. Check that the address is the right server&apos;s.</source>
        <translation>已在该处中断。请检查该地址是否属于正确的服务器。</translation>
    </message>
    <message>
        <source>the answer is longer than %1 MiB</source>
        <translation>应答超过 %1 MiB</translation>
    </message>
    <message>
        <source>It was broken off there. Check that the address is the right server&apos;s; ask for less at once.</source>
        <translation>已在该处中断。请检查该地址是否属于正确的服务器；并减少单次请求的内容。</translation>
    </message>
    <message>
        <source>the answer is not HTTP</source>
        <translation>应答不是 HTTP</translation>
    </message>
    <message>
        <source>Check that the address and port are an HTTP server&apos;s.</source>
        <translation>请检查该地址和端口是否属于 HTTP 服务器。</translation>
    </message>
    <message>
        <source>the connection timed out</source>
        <translation>连接超时</translation>
    </message>
    <message>
        <source>Check the address and the network between.</source>
        <translation>请检查地址以及中间的网络。</translation>
    </message>
    <message>
        <source>connection refused</source>
        <translation>连接被拒绝</translation>
    </message>
    <message>
        <source>Check that the server runs and that the address and port are right.</source>
        <translation>请检查服务器是否在运行，以及地址和端口是否正确。</translation>
    </message>
    <message>
        <source>the host name does not resolve</source>
        <translation>无法解析主机名</translation>
    </message>
    <message>
        <source>Check the address.</source>
        <translation>请检查地址。</translation>
    </message>
    <message>
        <source>the connection broke inside the answer, after %1 bytes of its body</source>
        <translation>连接在应答中途断开，此前已收到 %1 字节正文</translation>
    </message>
    <message>
        <source>Try again; if it stays, look at the server, or at the proxy or load balancer before it.</source>
        <translation>请重试；如果问题依旧，请查看服务器，或其前面的代理或负载均衡。</translation>
    </message>
    <message>
        <source>the server closed the connection without an answer</source>
        <translation>服务器未应答就关闭了连接</translation>
    </message>
    <message>
        <source>Check that the address and port are the server&apos;s, and its log.</source>
        <translation>请检查该地址和端口是否属于该服务器，并查看其日志。</translation>
    </message>
    <message>
        <source>If this server speaks TLS, begin its address with https://</source>
        <translation>如果此服务器使用 TLS，请让其地址以 https:// 开头</translation>
    </message>
    <message>
        <source>the proxy cannot be used: %1</source>
        <translation>无法使用代理：%1</translation>
    </message>
    <message>
        <source>Check proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY in the environment.</source>
        <translation>请检查 kubeconfig 中的 proxy-url，或环境变量 HTTPS_PROXY 和 NO_PROXY。</translation>
    </message>
    <message>
        <source>the proxy wants a user name and password</source>
        <translation>代理要求提供用户名和密码</translation>
    </message>
    <message>
        <source>Give them in proxy-url: http://user:password@proxy:3128</source>
        <translation>请在 proxy-url 中给出：http://user:password@proxy:3128</translation>
    </message>
    <message>
        <source>Check that the address is the right server&apos;s; a proxy may have changed the answer.</source>
        <translation>请检查该地址是否属于正确的服务器；代理可能改动了应答。</translation>
    </message>
    <message>
        <source>this is not an http or https address</source>
        <translation>这不是 http 或 https 地址</translation>
    </message>
    <message>
        <source>header %1 holds a line break or another character that is not allowed</source>
        <translation>请求头 %1 含有换行符或其他不允许的字符</translation>
    </message>
    <message>
        <source>If it is a token, check that it was copied without line ends.</source>
        <translation>如果它是令牌，请检查复制时是否带入了换行符。</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n 小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 项</translation>
    </message>
    <message>
        <source>no name at all</source>
        <translation>没有任何名称</translation>
    </message>
    <message>
        <source>the server&apos;s certificate is self-signed (%1)</source>
        <translation>服务器的证书是自签名证书（%1）</translation>
    </message>
    <message>
        <source>It is not signed by a trusted authority: if it is the right server, give this certificate as its certificate-authority.</source>
        <translation>它不是由受信任的机构签发：如果这确实是正确的服务器，请将此证书指定为其 certificate-authority。</translation>
    </message>
    <message>
        <source>the server&apos;s certificates end in the authority “%1”, which is not trusted</source>
        <translation>服务器的证书链终止于机构“%1”，而它不受信任</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not signed by a trusted authority: check the CA given for this server. A proxy that opens TLS connections signs with its own.</source>
        <translation>服务器的证书不是由受信任的机构签发：请检查为此服务器指定的 CA。会解开 TLS 连接的代理使用它自己的 CA 签发。</translation>
    </message>
    <message>
        <source>the server&apos;s certificate is signed by “%1”, which is not trusted</source>
        <translation>服务器的证书由“%1”签发，而它不受信任</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not signed by a trusted authority: check the CA given for this server.</source>
        <translation>服务器的证书不是由受信任的机构签发：请检查为此服务器指定的 CA。</translation>
    </message>
    <message>
        <source>the certificate of “%1” expired %2 ago, on %3</source>
        <translation>“%1”的证书已过期 %2（到期时间 %3）</translation>
    </message>
    <message>
        <source>Renew the server&apos;s certificate. If it is not that old, check this machine&apos;s clock: it says %1.</source>
        <translation>请更新服务器的证书。如果它并没有那么旧，请检查本机时钟：当前显示 %1。</translation>
    </message>
    <message>
        <source>the certificate of “%1” is valid only in %2, from %3</source>
        <translation>“%1”的证书在 %2后才生效（生效时间 %3）</translation>
    </message>
    <message>
        <source>Check this machine&apos;s clock: it says %1.</source>
        <translation>请检查本机时钟：当前显示 %1。</translation>
    </message>
    <message>
        <source>the server&apos;s certificate is not for “%1”, but for %2</source>
        <translation>服务器的证书不属于“%1”，而是属于 %2</translation>
    </message>
    <message>
        <source>The certificate is for another name: check the address, or set tls-server-name to one of its names.</source>
        <translation>该证书属于另一个名称：请检查地址，或将 tls-server-name 设为证书中的一个名称。</translation>
    </message>
    <message>
        <source>Check the server&apos;s certificate and the CA given for it.</source>
        <translation>请检查服务器的证书以及为它指定的 CA。</translation>
    </message>
    <message>
        <source>the handshake failed</source>
        <translation>握手失败</translation>
    </message>
    <message>
        <source>Check that the address and port are the server&apos;s.</source>
        <translation>请检查该地址和端口是否属于该服务器。</translation>
    </message>
    <message>
        <source>the other side does not speak TLS on this port (%1)</source>
        <translation>对方在此端口上不使用 TLS（%1）</translation>
    </message>
    <message>
        <source>Check the port; if this server is meant to be plain http, its address begins with http://</source>
        <translation>请检查端口；如果此服务器本来就是明文 http，则其地址以 http:// 开头</translation>
    </message>
    <message>
        <source>the server speaks only versions of TLS before 1.2 (%1)</source>
        <translation>服务器只支持 1.2 之前的 TLS 版本（%1）</translation>
    </message>
    <message>
        <source>Let the server, or the load balancer before it, offer TLS 1.2 or 1.3.</source>
        <translation>请让服务器或其前面的负载均衡提供 TLS 1.2 或 1.3。</translation>
    </message>
    <message>
        <source>the server says that our client certificate has expired (%1)</source>
        <translation>服务器表示我们的客户端证书已过期（%1）</translation>
    </message>
    <message>
        <source>Fetch a new kubeconfig.</source>
        <translation>请获取新的 kubeconfig。</translation>
    </message>
    <message>
        <source>the server does not accept our client certificate, or wants one (%1)</source>
        <translation>服务器不接受我们的客户端证书，或要求提供客户端证书（%1）</translation>
    </message>
    <message>
        <source>Check the user&apos;s client-certificate and client-key: the server&apos;s own authority must have signed them.</source>
        <translation>请检查该用户的 client-certificate 和 client-key：它们必须由服务器自己的机构签发。</translation>
    </message>
    <message>
        <source>the server has nothing by the name “%1” (%2)</source>
        <translation>服务器上没有名为“%1”的内容（%2）</translation>
    </message>
    <message>
        <source>Check the address, or set tls-server-name.</source>
        <translation>请检查地址，或设置 tls-server-name。</translation>
    </message>
    <message>
        <source>the server and we have no way of encryption in common, or it wants a client certificate (%1)</source>
        <translation>服务器与我们没有共同的加密方式，或它要求提供客户端证书（%1）</translation>
    </message>
    <message>
        <source>Let the server offer current ciphers; check the user&apos;s client certificate.</source>
        <translation>请让服务器提供当前通用的加密套件；并检查该用户的客户端证书。</translation>
    </message>
    <message>
        <source>The other side may not speak TLS, or may not trust our client certificate.</source>
        <translation>对方可能不使用 TLS，或不信任我们的客户端证书。</translation>
    </message>
</context>
<context>
    <name>ObjectText</name>
    <message>
        <source>Trust root</source>
        <translation>信任根</translation>
    </message>
    <message>
        <source>Root of %1</source>
        <translation>%1 的根证书</translation>
    </message>
    <message>
        <source>not read: %1</source>
        <translation>未能读取：%1</translation>
    </message>
    <message>
        <source>Meshes</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Mesh (control plane)</source>
        <translation>网格（控制面）</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>地域</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>No mesh gives these clusters a network: their pods reach each other directly.</source>
        <translation>没有网格为这些集群设置网络：它们的 Pod 可以直接互访。</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Managed by</source>
        <translation>托管网格</translation>
    </message>
    <message>
        <source>Kubernetes</source>
        <translation>Kubernetes</translation>
    </message>
    <message>
        <source>VPC</source>
        <translation>VPC</translation>
    </message>
    <message>
        <source>API server</source>
        <translation>API Server</translation>
    </message>
    <message>
        <source>Pod addresses</source>
        <translation>Pod 地址</translation>
    </message>
    <message>
        <source>Service addresses</source>
        <translation>Service 地址</translation>
    </message>
    <message>
        <source>Injection</source>
        <translation>注入</translation>
    </message>
    <message>
        <source>in no namespace</source>
        <translation>没有任何命名空间</translation>
    </message>
    <message>
        <source>Cross-cluster gateway</source>
        <translation>跨集群网关</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>declared, not seen yet</source>
        <translation>已声明，尚未看到</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>passed through by SNI</source>
        <translation>按 SNI 透传</translation>
    </message>
    <message>
        <source>Workload</source>
        <translation>工作负载</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>命名空间</translation>
    </message>
    <message>
        <source>Pods ready</source>
        <translation>就绪的 Pod</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Sidecar</source>
        <translation>Sidecar</translation>
    </message>
    <message>
        <source>in every pod</source>
        <translation>每个 Pod 都有</translation>
    </message>
    <message>
        <source>missing: this workload is outside the mesh</source>
        <translation>缺失：此工作负载不在网格内</translation>
    </message>
    <message>
        <source>Pods</source>
        <translation>Pod</translation>
    </message>
    <message>
        <source>There is no mesh: requests stay in their cluster.</source>
        <translation>没有网格：请求留在各自的集群内。</translation>
    </message>
    <message>
        <source>none: there is no mesh here</source>
        <translation>无：这里没有网格</translation>
    </message>
    <message>
        <source>Whether a mesh joins these clusters is unknown: the meshes could not be listed.</source>
        <translation>不清楚是否有网格连通这些集群：无法列出网格。</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>none, as it is meant: %1</source>
        <translation>无，属有意设置：%1</translation>
    </message>
    <message>
        <source>none; the meshes could not be listed</source>
        <translation>无；无法列出网格</translation>
    </message>
    <message>
        <source>Not ready because</source>
        <translation>未就绪的原因</translation>
    </message>
    <message>
        <source>State, as reported</source>
        <translation>状态（据报告）</translation>
    </message>
    <message>
        <source>Control plane %1</source>
        <translation>控制面 %1</translation>
    </message>
    <message>
        <source>%1, %2 of %3 ready</source>
        <translation>%1，%3 个中 %2 个就绪</translation>
    </message>
    <message>
        <source>Mesh id</source>
        <translation>网格 ID</translation>
    </message>
    <message>
        <source>Trust domain</source>
        <translation>信任域</translation>
    </message>
    <message>
        <source>Not changed here</source>
        <translation>此处不更改</translation>
    </message>
    <message>
        <source>%1 did not tell</source>
        <translation>%1 没有说明</translation>
    </message>
    <message>
        <source>%1 says %2</source>
        <translation>%1 称 %2</translation>
    </message>
    <message>
        <source>cannot be read now: %1</source>
        <translation>现在无法读取：%1</translation>
    </message>
</context>
<context>
    <name>ObservedFleet</name>
    <message>
        <source>connect to a cluster</source>
        <translation>连接集群</translation>
    </message>
    <message>
        <source>it has no connection</source>
        <translation>它没有连接</translation>
    </message>
    <message>
        <source>look at the fleet</source>
        <translation>查看舰队</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>state: %1</source>
        <translation>状态：%1</translation>
    </message>
    <message>
        <source>%1 has failed</source>
        <translation>%1 已失败</translation>
    </message>
    <message>
        <source>%1 has failed: %2</source>
        <translation>%1 已失败：%2</translation>
    </message>
    <message>
        <source>%1 is still %2</source>
        <translation>%1 仍为 %2</translation>
    </message>
    <message>
        <source>%1 does not tell its state</source>
        <translation>%1 没有说明其状态</translation>
    </message>
    <message>
        <source>state of the member: %1</source>
        <translation>成员状态：%1</translation>
    </message>
    <message>
        <source>%1 manages %2</source>
        <translation>%1 托管 %2</translation>
    </message>
    <message>
        <source>%1 discovers %2</source>
        <translation>%1 发现 %2</translation>
    </message>
    <message>
        <source>%1 has %2 as a member; the provider does not tell in which mode</source>
        <translation>%2 是 %1 的成员；提供方没有说明是何种模式</translation>
    </message>
    <message>
        <source>the root of %1 could not be read</source>
        <translation>无法读取 %1 的根证书</translation>
    </message>
    <message>
        <source>%1 trusts the root %2…</source>
        <translation>%1 信任根证书 %2…</translation>
    </message>
    <message>
        <source>not every root could be read</source>
        <translation>并非每个根证书都能读取</translation>
    </message>
    <message>
        <source>all meshes have the same root</source>
        <translation>所有网格的根证书相同</translation>
    </message>
    <message>
        <source>the roots differ: the meshes do not trust each other</source>
        <translation>根证书不同：各网格互不信任</translation>
    </message>
    <message>
        <source>API server of %1</source>
        <translation>%1 的 API Server</translation>
    </message>
    <message>
        <source>%1 answers</source>
        <translation>%1 有应答</translation>
    </message>
    <message>
        <source>%1 cannot be reached</source>
        <translation>无法访问 %1</translation>
    </message>
    <message>
        <source>%1 has not answered yet</source>
        <translation>%1 尚未应答</translation>
    </message>
    <message>
        <source>deployments of %1</source>
        <translation>%1 的 Deployment</translation>
    </message>
    <message>
        <source>the gateway of %1 has an address</source>
        <translation>%1 的网关已有地址</translation>
    </message>
    <message>
        <source>services of %1</source>
        <translation>%1 的 Service</translation>
    </message>
    <message>
        <source>the gateway of %1 has no address yet</source>
        <translation>%1 的网关还没有地址</translation>
    </message>
    <message>
        <source>%1 does not let us in</source>
        <translation>%1 不允许我们访问</translation>
    </message>
    <message>
        <source>%1 answers, but does not do what it is asked</source>
        <translation>%1 有应答，但没有执行所请求的操作</translation>
    </message>
    <message>
        <source>%1 gives answers that are not understood</source>
        <translation>%1 给出的应答无法理解</translation>
    </message>
    <message>
        <source>%1 cannot be asked</source>
        <translation>无法查询 %1</translation>
    </message>
    <message>
        <source>list %1 in all namespaces</source>
        <translation>列出所有命名空间中的 %1</translation>
    </message>
    <message>
        <source>get the namespace %1</source>
        <translation>读取命名空间 %1</translation>
    </message>
    <message>
        <source>list %1 in namespace %2</source>
        <translation>列出命名空间 %2 中的 %1</translation>
    </message>
    <message>
        <source>%1 answers, but does not let us see everything in %2</source>
        <translation>%1 有应答，但不允许查看 %2 中的全部内容</translation>
    </message>
    <message>
        <source>%1 answers, but does not let us see everything</source>
        <translation>%1 有应答，但不允许查看全部内容</translation>
    </message>
    <message>
        <source>%1 lets us see single namespaces only: %2</source>
        <translation>%1 只允许查看个别命名空间：%2</translation>
    </message>
    <message>
        <source>; the missing rights: %1</source>
        <translation>；缺少的权限：%1</translation>
    </message>
    <message>
        <source>%1: %2 of %3 ready</source>
        <translation>%1：%3 个中 %2 个就绪</translation>
    </message>
    <message>
        <source>%1: scaled to 0, nothing of it runs</source>
        <translation>%1：已缩容到 0，没有任何 Pod 在运行</translation>
    </message>
    <message>
        <source>%1: %2 of %3 ready: %4</source>
        <translation>%1：%3 个中 %2 个就绪：%4</translation>
    </message>
    <message>
        <source>Service %1: %2</source>
        <translation>Service %1：%2</translation>
    </message>
    <message>
        <source>a gateway of %1 is not in order</source>
        <translation>%1 有一个网关不正常</translation>
    </message>
    <message>
        <source>list the meshes</source>
        <translation>列出网格</translation>
    </message>
    <message>
        <source>the account tells its meshes: %1</source>
        <translation>账号列出的网格数：%1</translation>
    </message>
    <message>
        <source>the meshes are those last seen: they cannot be listed now</source>
        <translation>所示网格为最后一次看到的网格：现在无法列出</translation>
    </message>
    <message>
        <source>the meshes could not be listed</source>
        <translation>无法列出网格</translation>
    </message>
    <message>
        <source>the account has not answered yet</source>
        <translation>账号尚未应答</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>请稍后重试。</translation>
    </message>
    <message>
        <source>the clusters of the account could not be listed</source>
        <translation>无法列出该账号的集群</translation>
    </message>
    <message>
        <source>the versions for new meshes could not be listed</source>
        <translation>无法列出可用于新网格的版本</translation>
    </message>
    <message>
        <source>the meshes have roots in common and others besides: a rotation is under way</source>
        <translation>各网格有共同的根证书，此外还有其他根证书：正在轮换</translation>
    </message>
    <message>
        <source>pending: its load balancer has no address yet</source>
        <translation>等待中：其负载均衡尚无地址</translation>
    </message>
    <message>
        <source>it is of type ExternalName (%1): meshes do not take it for a gateway</source>
        <translation>其类型为 ExternalName（%1）：网格不会将其视为网关</translation>
    </message>
    <message>
        <source>it is of type NodePort: other clusters reach it through the nodes alone, if at all</source>
        <translation>其类型为 NodePort：其他集群即使能访问它，也只能通过节点</translation>
    </message>
    <message>
        <source>it is of type %1: it cannot be reached from outside its cluster</source>
        <translation>其类型为 %1：无法从其集群之外访问</translation>
    </message>
    <message>
        <source>it has no port %1: meshes pass it over</source>
        <translation>它没有端口 %1：网格会忽略它</translation>
    </message>
    <message>
        <source>it has no label topology.istio.io/network: meshes do not take it for a gateway</source>
        <translation>它没有标签 topology.istio.io/network：网格不会将其视为网关</translation>
    </message>
    <message>
        <source>its pods use the network of their node (hostNetwork)</source>
        <translation>其 Pod 使用所在节点的网络（hostNetwork）</translation>
    </message>
    <message>
        <source>its pods opt out (%1: %2)</source>
        <translation>其 Pod 选择不注入（%1: %2）</translation>
    </message>
    <message>
        <source>nobody verifies that it is %1 that answers</source>
        <translation>没有验证应答方确实是 %1</translation>
    </message>
    <message>
        <source>the kubeconfig</source>
        <translation>该 kubeconfig</translation>
    </message>
    <message>
        <source>whether the gateway of %1 has an address could not be read</source>
        <translation>无法读取 %1 的网关是否已有地址</translation>
    </message>
    <message>
        <source>the temporary credentials end at %1: then nothing can be read or changed</source>
        <translation>临时凭证将于 %1 到期：此后无法再读取或更改任何内容</translation>
    </message>
    <message>
        <source>%1: the account says that it runs</source>
        <translation>%1：据账号所述，它在运行</translation>
    </message>
    <message>
        <source>read the cluster</source>
        <translation>读取集群</translation>
    </message>
    <message>
        <source>the environment does not know it</source>
        <translation>环境中没有它</translation>
    </message>
    <message>
        <source>the environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 属于 %2</translation>
    </message>
    <message>
        <source>TokenReview on the clusters that the tokens are for</source>
        <translation>在令牌所针对的集群上执行 TokenReview</translation>
    </message>
    <message>
        <source>look for control planes</source>
        <translation>查找控制面</translation>
    </message>
    <message>
        <source>the clusters have not answered yet</source>
        <translation>集群尚未应答</translation>
    </message>
    <message numerus="yes">
        <source>%n control plane(s) of %1 found in the clusters</source>
        <translation>
            <numerusform>在集群中找到 %1 的 %n 个控制面</numerusform>
        </translation>
    </message>
    <message>
        <source>not every cluster tells whether a control plane of %1 runs in it</source>
        <translation>并非每个集群都说明了是否有 %1 的控制面在其中运行</translation>
    </message>
    <message>
        <source>no control plane runs in its clusters, and it has no cloud account</source>
        <translation>其集群中没有运行控制面，它也没有云账号</translation>
    </message>
    <message>
        <source>%1 of %2 replicas ready (revision %3)</source>
        <translation>%2 个副本中 %1 个就绪（修订版 %3）</translation>
    </message>
    <message>
        <source>of unknown version</source>
        <translation>版本未知</translation>
    </message>
    <message>
        <source>; mesh id %1</source>
        <translation>；网格 ID %1</translation>
    </message>
    <message>
        <source>; trust domain %1</source>
        <translation>；信任域 %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 did not tell: %2</source>
        <translation>%1 没有说明：%2</translation>
    </message>
    <message>
        <source>%1 says %2</source>
        <translation>%1 称 %2</translation>
    </message>
    <message>
        <source>%1 cannot read %2 now: what it knows of it is old</source>
        <translation>%1 现在无法读取 %2：它所掌握的内容已过时</translation>
    </message>
    <message>
        <source>%1 has a remote secret for %2, and not every replica has read it</source>
        <translation>%1 有用于 %2 的远程 Secret，但并非每个副本都已读取它</translation>
    </message>
    <message>
        <source>%1 (no cluster of this environment)</source>
        <translation>%1（不是此环境的集群）</translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message>
        <source>as an earlier version of Catamaran wrote it down</source>
        <translation>依据 Catamaran 早期版本写下的记录</translation>
    </message>
    <message>
        <source>as the mark on the object tells</source>
        <translation>依据对象上的标记</translation>
    </message>
    <message>
        <source>take the mark off</source>
        <translation>去除标记</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>stopped before it was sent</source>
        <translation>在发送之前已停止</translation>
    </message>
    <message>
        <source>the time was over before it was sent</source>
        <translation>在发送之前时间已用尽</translation>
    </message>
    <message>
        <source>was done before</source>
        <translation>此前已完成</translation>
    </message>
    <message>
        <source>given up: %1</source>
        <translation>已放弃：%1</translation>
    </message>
    <message>
        <source>settle execution %1</source>
        <translation>处理执行记录 %1</translation>
    </message>
    <message>
        <source>the undo of execution %1 was interrupted</source>
        <translation>执行记录 %1 的撤销被中断</translation>
    </message>
    <message>
        <source>Go on with it: undo execution %1.</source>
        <translation>请继续撤销：撤销执行记录 %1。</translation>
    </message>
    <message>
        <source>read the journal</source>
        <translation>读取操作日志</translation>
    </message>
    <message>
        <source>there is no execution %1</source>
        <translation>没有执行记录 %1</translation>
    </message>
    <message>
        <source>begin “%1”</source>
        <translation>开始“%1”</translation>
    </message>
    <message>
        <source>“%1” (execution %2) holds it since %3; it is run by %4</source>
        <translation>“%1”（执行记录 %2）自 %3 起占用它；由 %4 运行</translation>
    </message>
    <message>
        <source>Wait until it ends, or stop it there.</source>
        <translation>请等待其结束，或在那里停止它。</translation>
    </message>
    <message>
        <source>“%1” (execution %2) broke it on purpose at %3, and that is not put back yet</source>
        <translation>“%1”（执行记录 %2）于 %3 有意制造了故障，尚未恢复</translation>
    </message>
    <message>
        <source>Undo execution %1 first, or give its step %2 up.</source>
        <translation>请先撤销执行记录 %1，或放弃其步骤 %2。</translation>
    </message>
    <message>
        <source>“%1” (execution %2) was interrupted there at %3, and nobody has looked since what became of its step %4</source>
        <translation>“%1”（执行记录 %2）于 %3 在此处中断，此后没有人查看过其步骤 %4 的结果</translation>
    </message>
    <message>
        <source>Resume execution %1, undo it, or give that step up.</source>
        <translation>请继续执行记录 %1、撤销它，或放弃该步骤。</translation>
    </message>
    <message>
        <source>write the journal</source>
        <translation>写入操作日志</translation>
    </message>
    <message>
        <source>take over execution %1</source>
        <translation>接管执行记录 %1</translation>
    </message>
    <message>
        <source>“%1” runs since %2; it is run by %3</source>
        <translation>“%1”自 %2 起在运行；由 %3 运行</translation>
    </message>
    <message>
        <source>it is over: %1</source>
        <translation>它已结束：%1</translation>
    </message>
    <message>
        <source>keep execution %1</source>
        <translation>保持执行记录 %1</translation>
    </message>
    <message>
        <source>another process has taken it over</source>
        <translation>另一个进程已接管它</translation>
    </message>
    <message>
        <source>execution %1</source>
        <translation>执行记录 %1</translation>
    </message>
    <message>
        <source>end execution %1</source>
        <translation>结束执行记录 %1</translation>
    </message>
    <message>
        <source>write down what is to be restored</source>
        <translation>写下要恢复的内容</translation>
    </message>
    <message>
        <source>give up the step %1 of execution %2</source>
        <translation>放弃执行记录 %2 的步骤 %1</translation>
    </message>
    <message>
        <source>there is no reason</source>
        <translation>没有原因</translation>
    </message>
    <message>
        <source>Say why: it is kept with the step.</source>
        <translation>请说明原因：它会随该步骤保存。</translation>
    </message>
    <message>
        <source>nothing of it is left to be settled or taken back</source>
        <translation>其中没有需要处理或撤回的内容</translation>
    </message>
    <message>
        <source>set the size of the journal</source>
        <translation>设置操作日志的大小</translation>
    </message>
    <message>
        <source>it keeps at least one execution</source>
        <translation>至少要保留一条执行记录</translation>
    </message>
    <message>
        <source>thin the journal</source>
        <translation>精简操作日志</translation>
    </message>
    <message>
        <source>was in place</source>
        <translation>已就位</translation>
    </message>
    <message>
        <source>is not known</source>
        <translation>此处不认识它</translation>
    </message>
    <message>
        <source>is missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>a Secret&apos;s data is no argument: it would be written down</source>
        <translation>Secret 的数据不能作为参数：它会被写下来</translation>
    </message>
    <message>
        <source>is for the server to say</source>
        <translation>由服务器决定</translation>
    </message>
    <message>
        <source>a fault makes what is not there, and nothing else</source>
        <translation>故障只能创建原本不存在的对象</translation>
    </message>
    <message>
        <source>Somebody else owns that field: undo their change, or apply it by hand with --force-conflicts.</source>
        <translation>该字段归他人所有：请撤销对方的改动，或使用 --force-conflicts 手动应用。</translation>
    </message>
    <message>
        <source>Make %1 in %2, where it is missing</source>
        <translation>如果 %2 中没有 %1，则创建它</translation>
    </message>
    <message>
        <source>Apply %1 in %2</source>
        <translation>在 %2 中应用 %1</translation>
    </message>
    <message>
        <source>(the execution, and that it made this)</source>
        <translation>（执行记录，以及由它创建了此对象）</translation>
    </message>
    <message>
        <source>left as it is: it belongs to %1</source>
        <translation>维持现状：它属于 %1</translation>
    </message>
    <message>
        <source>wait until the former %1 is gone</source>
        <translation>等待原有的 %1 消失</translation>
    </message>
    <message>
        <source>it is there and was not applied by Catamaran, but by %1</source>
        <translation>它已存在，且不是由 Catamaran 应用的，而是由 %1 应用的</translation>
    </message>
    <message>
        <source>Somebody else&apos;s object is not changed unless that is asked for: rename yours, or allow it for this object.</source>
        <translation>除非明确要求，否则不会改动他人的对象：请将您的对象改名，或允许改动此对象。</translation>
    </message>
    <message>
        <source>somebody has made it meanwhile</source>
        <translation>其间有人创建了它</translation>
    </message>
    <message>
        <source>Look at it, and try again.</source>
        <translation>请查看它，然后重试。</translation>
    </message>
    <message>
        <source>a fault has no execution to be marked with</source>
        <translation>没有可用于标记故障的执行记录</translation>
    </message>
    <message>
        <source>made</source>
        <translation>已创建</translation>
    </message>
    <message>
        <source>applied, version %1</source>
        <translation>已应用，版本 %1</translation>
    </message>
    <message>
        <source>somebody else has made it meanwhile: %1</source>
        <translation>其间他人创建了它：%1</translation>
    </message>
    <message>
        <source>see the pods of %1 ready</source>
        <translation>确认 %1 的 Pod 已就绪</translation>
    </message>
    <message>
        <source>see %1</source>
        <translation>查看 %1</translation>
    </message>
    <message>
        <source>see %1 gone</source>
        <translation>确认 %1 已消失</translation>
    </message>
    <message>
        <source>give %1 in %2 its former values</source>
        <translation>将 %2 中的 %1 恢复为原有值</translation>
    </message>
    <message>
        <source>it is another object now</source>
        <translation>它现在是另一个对象</translation>
    </message>
    <message>
        <source>the server accepted the former values and shows others</source>
        <translation>服务器接受了原有值，显示的却是其他值</translation>
    </message>
    <message>
        <source>the fields that were applied are as they were</source>
        <translation>应用过的字段已恢复原样</translation>
    </message>
    <message>
        <source>A Secret&apos;s data is kept nowhere: it cannot be made again.</source>
        <translation>Secret 的数据不会保存在任何地方：无法重新创建它。</translation>
    </message>
    <message>
        <source>All objects of its kind go with it: they cannot be made again.</source>
        <translation>该类型的所有对象将一并消失：无法重新创建它们。</translation>
    </message>
    <message>
        <source>Delete %1 from %2</source>
        <translation>从 %2 删除 %1</translation>
    </message>
    <message>
        <source>with the uid that was seen</source>
        <translation>使用查看到的 uid</translation>
    </message>
    <message>
        <source># keep it first: %1</source>
        <translation># 请先保存：%1</translation>
    </message>
    <message>
        <source>nothing on it tells whose it is</source>
        <translation>其上没有任何信息表明归谁所有</translation>
    </message>
    <message>
        <source>it belongs to %1</source>
        <translation>它属于 %1</translation>
    </message>
    <message>
        <source>it holds what Catamaran has not applied: %1</source>
        <translation>其中有不是由 Catamaran 应用的内容：%1</translation>
    </message>
    <message>
        <source>left as it is: %1 (if it may go: %2)</source>
        <translation>维持现状：%1（如果可以删除：%2）</translation>
    </message>
    <message>
        <source>it was not applied by Catamaran, but by %1</source>
        <translation>它不是由 Catamaran 应用的，而是由 %1 应用的</translation>
    </message>
    <message>
        <source>Somebody else&apos;s object is not deleted unless that is asked for: delete it by hand if it may go.</source>
        <translation>除非明确要求，否则不会删除他人的对象：如果可以删除，请手动删除它。</translation>
    </message>
    <message>
        <source>told to go</source>
        <translation>已要求删除</translation>
    </message>
    <message>
        <source>left as it is: %1</source>
        <translation>维持现状：%1</translation>
    </message>
    <message>
        <source>GET %1 on %2</source>
        <translation>GET %1（%2）</translation>
    </message>
    <message>
        <source>make %1 in %2 again</source>
        <translation>在 %2 中重新创建 %1</translation>
    </message>
    <message>
        <source>there is one already, made by somebody else</source>
        <translation>已有一个由他人创建的对象</translation>
    </message>
    <message>
        <source>it is not known what there was</source>
        <translation>不知道原本有什么</translation>
    </message>
    <message>
        <source>there again, uid %1</source>
        <translation>已重新存在，uid %1</translation>
    </message>
    <message>
        <source>there again with %1 objects in it</source>
        <translation>已重新存在，其中有 %1 个对象</translation>
    </message>
    <message>
        <source>is not a text</source>
        <translation>不是文本</translation>
    </message>
    <message>
        <source>Delete pod %1 in %2</source>
        <translation>从 %2 删除 Pod %1</translation>
    </message>
    <message>
        <source>A pod does not come back; its controller makes a new one.</source>
        <translation>Pod 不会恢复；其控制器会创建新的 Pod。</translation>
    </message>
    <message>
        <source>no controller would replace this pod</source>
        <translation>没有控制器会取代此 Pod</translation>
    </message>
    <message>
        <source>Delete it by hand if it may go for good.</source>
        <translation>如果可以永久删除，请手动删除它。</translation>
    </message>
    <message>
        <source>told to end</source>
        <translation>已要求结束</translation>
    </message>
    <message>
        <source>see pod %1 gone</source>
        <translation>确认 Pod %1 已消失</translation>
    </message>
    <message>
        <source>take back: %1</source>
        <translation>撤回：%1</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1，另有 %2 个</translation>
    </message>
    <message>
        <source>see what is in namespace %1 of %2</source>
        <translation>查看 %2 的命名空间 %1 中有什么</translation>
    </message>
    <message>
        <source>the server does not tell all its kinds of objects: %1</source>
        <translation>服务器没有列出其全部对象类型：%1</translation>
    </message>
    <message>
        <source>A namespace is deleted only when everything in it is known.</source>
        <translation>只有在得知其中的全部内容后，才会删除命名空间。</translation>
    </message>
    <message>
        <source>names no field</source>
        <translation>没有指定字段</translation>
    </message>
    <message>
        <source>cannot be patched: it is empty, or belongs to the object&apos;s identity or status</source>
        <translation>无法修改：它为空，或属于对象的标识或状态</translation>
    </message>
    <message>
        <source>Change %1 in %2</source>
        <translation>更改 %2 中的 %1</translation>
    </message>
    <message>
        <source>there is no %1 in %2</source>
        <translation>%2 中没有 %1</translation>
    </message>
    <message>
        <source>changed, version %1</source>
        <translation>已更改，版本 %1</translation>
    </message>
    <message>
        <source>see the change of %1 taken up</source>
        <translation>确认 %1 的改动已生效</translation>
    </message>
    <message>
        <source>somebody else has changed it since: %1</source>
        <translation>此后他人改动了它：%1</translation>
    </message>
    <message>
        <source>its fields are as asked for: %1</source>
        <translation>其字段符合要求：%1</translation>
    </message>
    <message>
        <source>its fields are as they were: %1</source>
        <translation>其字段已恢复原样：%1</translation>
    </message>
    <message>
        <source>delete namespace %1 of %2</source>
        <translation>删除 %2 的命名空间 %1</translation>
    </message>
    <message>
        <source>Somebody else&apos;s objects are not deleted: move them away, or delete the namespace by hand if they may go.</source>
        <translation>不会删除他人的对象：请将其移走，如果可以删除，也可手动删除该命名空间。</translation>
    </message>
    <message>
        <source>it holds Secrets, whose data is kept nowhere: %1</source>
        <translation>其中有 Secret，其数据不会保存在任何地方：%1</translation>
    </message>
    <message>
        <source>Delete them first, one by one.</source>
        <translation>请先逐一删除它们。</translation>
    </message>
    <message>
        <source>is not a whole number from 0 to %1</source>
        <translation>不是 0 到 %1 之间的整数</translation>
    </message>
    <message>
        <source>a %1 is not scaled, a Deployment or a StatefulSet is</source>
        <translation>%1 不能伸缩，Deployment 或 StatefulSet 才能</translation>
    </message>
    <message>
        <source>spec.replicas is %1</source>
        <translation>spec.replicas 为 %1</translation>
    </message>
    <message>
        <source>Scale %1 in %2 to %3</source>
        <translation>将 %2 中的 %1 伸缩到 %3</translation>
    </message>
    <message>
        <source>(the execution, and the number that was there)</source>
        <translation>（执行记录，以及原有的数量）</translation>
    </message>
    <message>
        <source>NUMBER-BEFORE</source>
        <translation>NUMBER-BEFORE</translation>
    </message>
    <message>
        <source>it bears the mark of another fault already: %1</source>
        <translation>它已带有另一个故障的标记：%1</translation>
    </message>
    <message>
        <source>Restore that drill first.</source>
        <translation>请先恢复该演练。</translation>
    </message>
    <message>
        <source>see %1 with %2 pods</source>
        <translation>确认 %1 有 %2 个 Pod</translation>
    </message>
    <message>
        <source>scale %1 in %2 back to %3</source>
        <translation>将 %2 中的 %1 伸缩回 %3</translation>
    </message>
    <message>
        <source>it is not known how many replicas there were</source>
        <translation>不知道原有多少个副本</translation>
    </message>
    <message>
        <source>it is neither as it was (%1) nor as it was left (%2 replicas): %3</source>
        <translation>它既不是原样（%1），也不是留下时的样子（%2 个副本）：%3</translation>
    </message>
    <message>
        <source>Somebody else has changed it: scale it by hand.</source>
        <translation>他人改动了它：请手动伸缩。</translation>
    </message>
    <message>
        <source>replicas %1; its pods were not all ready before either</source>
        <translation>副本数 %1；其 Pod 之前也没有全部就绪</translation>
    </message>
    <message>
        <source>namespace %1 of %2</source>
        <translation>%2 的命名空间 %1</translation>
    </message>
    <message>
        <source>%1 (%2) is not a kind that is known here</source>
        <translation>%1（%2）不是此处认识的类型</translation>
    </message>
    <message>
        <source>“%1” is not a namespace</source>
        <translation>“%1”不是命名空间</translation>
    </message>
    <message>
        <source>is not for a %1</source>
        <translation>不适用于 %1</translation>
    </message>
    <message>
        <source>“%1” is not a name</source>
        <translation>“%1”不是名称</translation>
    </message>
    <message>
        <source>read an operation</source>
        <translation>读取操作</translation>
    </message>
    <message>
        <source>is neither “refuse” nor “leave” nor “take”</source>
        <translation>既不是“refuse”，也不是“leave”或“take”</translation>
    </message>
    <message>
        <source>is neither “refuse” nor “take”</source>
        <translation>既不是“refuse”也不是“take”</translation>
    </message>
    <message>
        <source>a drill</source>
        <translation>某个演练</translation>
    </message>
    <message>
        <source>the drill %1</source>
        <translation>演练 %1</translation>
    </message>
    <message>
        <source> since %1</source>
        <translation>（自 %1 起）</translation>
    </message>
    <message>
        <source>%1 has broken it%2 and has not put it back: %3</source>
        <translation>%1 弄坏了它%2，尚未恢复：%3</translation>
    </message>
    <message>
        <source>Wait until that drill is over, or restore it (drill restore), and try again.</source>
        <translation>请等待该演练结束，或将其恢复（drill restore），然后重试。</translation>
    </message>
    <message>
        <source>is neither true nor false</source>
        <translation>既不是 true 也不是 false</translation>
    </message>
    <message>
        <source>work on %1</source>
        <translation>处理 %1</translation>
    </message>
    <message>
        <source>it was changed meanwhile: %1</source>
        <translation>其间它已被改动：%1</translation>
    </message>
    <message>
        <source>somebody unknown</source>
        <translation>未知的人</translation>
    </message>
    <message>
        <source>Somebody else&apos;s object is not changed unless that is asked for: change it by hand, or allow it for this object.</source>
        <translation>除非明确要求，否则不会更改他人的对象：请手动更改，或允许更改此对象。</translation>
    </message>
    <message>
        <source>Lease %1 in namespace %2 of %3</source>
        <translation>%3 的命名空间 %2 中的 Lease %1</translation>
    </message>
    <message>
        <source>“%1” holds it since %2; it is run by %3, heard of %4 s ago</source>
        <translation>“%1”自 %2 起占用它；由 %3 运行，%4 秒前有过消息</translation>
    </message>
    <message>
        <source>keep other consoles off</source>
        <translation>阻止其他控制台</translation>
    </message>
    <message>
        <source>it has no kind</source>
        <translation>它没有类型</translation>
    </message>
    <message>
        <source>%1 has no arguments</source>
        <translation>%1 没有参数</translation>
    </message>
    <message>
        <source>%1 has more than a kind and arguments</source>
        <translation>%1 除类型和参数之外还有其他内容</translation>
    </message>
    <message>
        <source>process %1 on %2</source>
        <translation>%2 上的进程 %1</translation>
    </message>
    <message>
        <source>read a plan</source>
        <translation>读取计划</translation>
    </message>
    <message>
        <source>check the plan</source>
        <translation>检查计划</translation>
    </message>
    <message>
        <source>a step is no object</source>
        <translation>有一个步骤不是对象</translation>
    </message>
    <message>
        <source>a step has no id</source>
        <translation>有一个步骤没有 ID</translation>
    </message>
    <message>
        <source>the step %1 has an unknown field “%2”</source>
        <translation>步骤 %1 有未知字段“%2”</translation>
    </message>
    <message>
        <source>the step %1 has no operation</source>
        <translation>步骤 %1 没有操作</translation>
    </message>
    <message>
        <source>the reason of the step %1 is no text</source>
        <translation>步骤 %1 的原因不是文本</translation>
    </message>
    <message>
        <source>the step %1 depends on what is no list</source>
        <translation>步骤 %1 的依赖不是列表</translation>
    </message>
    <message>
        <source>the step %1 depends on what is no id</source>
        <translation>步骤 %1 的依赖中有一项不是 ID</translation>
    </message>
    <message>
        <source>it is no list of steps</source>
        <translation>它不是步骤列表</translation>
    </message>
    <message>
        <source>two steps have this id</source>
        <translation>有两个步骤使用此 ID</translation>
    </message>
    <message>
        <source>it depends on “%1”, which is no step of the plan</source>
        <translation>它依赖“%1”，而这不是计划中的步骤</translation>
    </message>
    <message>
        <source>it waits for itself: %1</source>
        <translation>它在等待自身：%1</translation>
    </message>
    <message>
        <source>find out how an operation is done</source>
        <translation>查明如何执行操作</translation>
    </message>
    <message>
        <source>there is no such kind of operation here</source>
        <translation>此处没有这种操作</translation>
    </message>
    <message>
        <source>It was made by another version of Catamaran, or for a provider that the environment does not have.</source>
        <translation>它由另一版本的 Catamaran 创建，或用于该环境没有的提供方。</translation>
    </message>
    <message>
        <source>not begun, because this is not done: %1</source>
        <translation>未开始，因为尚未完成：%1</translation>
    </message>
    <message>
        <source>stopped on request</source>
        <translation>已按要求停止</translation>
    </message>
    <message>
        <source>go on with execution %1</source>
        <translation>继续执行记录 %1</translation>
    </message>
    <message>
        <source>it was begun in another environment than %1</source>
        <translation>它是在 %1 之外的另一个环境中开始的</translation>
    </message>
    <message>
        <source>An earlier Catamaran wrote it. The history has the commands that take its steps back by hand.</source>
        <translation>它由早期版本的 Catamaran 写入。历史记录中有手动撤回其步骤的命令。</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>there</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>%1 was %2 and is %3</source>
        <translation>%1 原为 %2，现为 %3</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>it was interrupted before its answer was written down</source>
        <translation>在写下应答之前已中断</translation>
    </message>
    <message>
        <source>no answer came; looking at what became of it</source>
        <translation>没有收到应答；正在查看其结果</translation>
    </message>
    <message>
        <source>%1; since then %2</source>
        <translation>%1；此后 %2</translation>
    </message>
    <message>
        <source>%1; and what became of it could not be seen</source>
        <translation>%1；且无法看到其结果</translation>
    </message>
    <message>
        <source>Resume the execution: it looks again before it does anything.</source>
        <translation>请继续该执行记录：它会先重新查看，再做任何事。</translation>
    </message>
    <message>
        <source>It was interrupted; looked at: nothing of it was done.</source>
        <translation>它曾被中断；经查看：没有做任何改动。</translation>
    </message>
    <message>
        <source>stays: %1</source>
        <translation>保留：%1</translation>
    </message>
    <message>
        <source>take back “%1”</source>
        <translation>撤回“%1”</translation>
    </message>
    <message>
        <source>it is neither as it was (%1) nor as we left it (%2)</source>
        <translation>它既不是原样（%1），也不是我们留下时的样子（%2）</translation>
    </message>
    <message>
        <source>Put it back by hand, or give this step up with a reason.</source>
        <translation>请手动恢复它，或写明原因放弃此步骤。</translation>
    </message>
    <message>
        <source>Put it back by hand (%1), or give this step up with a reason.</source>
        <translation>请手动恢复它（%1），或写明原因放弃此步骤。</translation>
    </message>
    <message>
        <source>nothing is to be taken back</source>
        <translation>没有需要撤回的内容</translation>
    </message>
    <message>
        <source>what became of it cannot be seen yet</source>
        <translation>尚无法看到其结果</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>is as it was</source>
        <translation>已是原样</translation>
    </message>
    <message>
        <source>was taken back</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>Take back: %1</source>
        <translation>撤回：%1</translation>
    </message>
    <message>
        <source>undo execution %1</source>
        <translation>撤销执行记录 %1</translation>
    </message>
    <message>
        <source>it takes something back itself</source>
        <translation>它本身就是一次撤回</translation>
    </message>
    <message>
        <source>Plan again what you want.</source>
        <translation>请按您的需要重新制定计划。</translation>
    </message>
    <message>
        <source>it was there</source>
        <translation>它原来存在</translation>
    </message>
    <message>
        <source>it was not there</source>
        <translation>它原来不存在</translation>
    </message>
    <message>
        <source>“%1” (execution %2) made it at %3, and it is not taken away yet</source>
        <translation>“%1”（执行记录 %2）于 %3 创建了它，且尚未拆除</translation>
    </message>
    <message>
        <source>is not between 1 and %1</source>
        <translation>不在 1 到 %1 之间</translation>
    </message>
    <message>
        <source>Add the container %1 to the pod %2 in %3</source>
        <translation>将容器 %1 添加到 %3 中的 Pod %2</translation>
    </message>
    <message numerus="yes">
        <source>A container that was added to a pod cannot be removed from it. It does nothing but sleep, ends by itself %n second(s) after it began, and goes with the pod.</source>
        <translation>
            <numerusform>添加到 Pod 的容器无法再从中移除。它只会休眠，在启动 %n 秒后自行结束，并随 Pod 一起消失。</numerusform>
        </translation>
    </message>
    <message>
        <source>it went with the pod %1</source>
        <translation>它已随 Pod %1 一同消失</translation>
    </message>
    <message>
        <source>there is no such pod (any more)</source>
        <translation>没有这样的 Pod（或已不存在）</translation>
    </message>
    <message>
        <source>Name one that is there.</source>
        <translation>请指定一个存在的。</translation>
    </message>
    <message>
        <source>it is another pod now</source>
        <translation>它现在已是另一个 Pod</translation>
    </message>
    <message>
        <source>added</source>
        <translation>已添加</translation>
    </message>
    <message>
        <source>wait until %1 runs</source>
        <translation>等待 %1 进入运行中状态</translation>
    </message>
    <message>
        <source>take the container %1 away</source>
        <translation>移除容器 %1</translation>
    </message>
    <message>
        <source>it is a probe that somebody has put there: %1</source>
        <translation>它是由他人放置的探针：%1</translation>
    </message>
    <message>
        <source>Wait until it is taken away, or see whose it is and take it away: catamaranctl probes.</source>
        <translation>请等待它被拆除，或查明它属于谁并将其拆除：catamaranctl probes。</translation>
    </message>
    <message>
        <source>this API server cannot add containers to pods</source>
        <translation>此 API server 无法向 Pod 添加容器</translation>
    </message>
    <message>
        <source>Kubernetes can from 1.23 on. Let a probe stand in a Deployment of its own: name a namespace in its place.</source>
        <translation>Kubernetes 1.23 起才支持。请让探针以独立的 Deployment 运行：改为指定一个命名空间。</translation>
    </message>
    <message>
        <source>wants a uid</source>
        <translation>需要 uid</translation>
    </message>
    <message>
        <source>deleted; %1 %2 makes another</source>
        <translation>已删除；由 %1 %2 重新创建</translation>
    </message>
    <message>
        <source>see another pod in place of %1</source>
        <translation>确认有其他 Pod 取代 %1</translation>
    </message>
    <message>
        <source>Wait %1 s</source>
        <translation>等待 %1 s</translation>
    </message>
    <message>
        <source>see what there is of %1</source>
        <translation>查看 %1 的现有内容</translation>
    </message>
    <message>
        <source>delete %1 of %2</source>
        <translation>删除 %2 的 %1</translation>
    </message>
    <message>
        <source>objects of this kind would go with it: %1</source>
        <translation>此类对象会随之删除：%1</translation>
    </message>
    <message>
        <source>Delete them first, if they may go.</source>
        <translation>如果可以删除，请先删除它们。</translation>
    </message>
</context>
<context>
    <name>Pki</name>
    <message>
        <source>make a root certificate</source>
        <translation>生成根证书</translation>
    </message>
    <message>
        <source>make an issuing CA</source>
        <translation>生成签发 CA</translation>
    </message>
    <message>
        <source>the root certificate or its key cannot be read</source>
        <translation>无法读取根证书或其密钥</translation>
    </message>
    <message>
        <source>not a DNS name</source>
        <translation>不是 DNS 名称</translation>
    </message>
    <message>
        <source>make a certificate</source>
        <translation>生成证书</translation>
    </message>
    <message>
        <source>the issuing certificate or its key cannot be read</source>
        <translation>无法读取签发证书或其密钥</translation>
    </message>
    <message>
        <source>a subject alternative name has a character that is not allowed</source>
        <translation>主题备用名称含有不允许的字符</translation>
    </message>
    <message>
        <source>read certificates</source>
        <translation>读取证书</translation>
    </message>
    <message>
        <source>the bundle is larger than 1 MiB</source>
        <translation>证书包超过 1 MiB</translation>
    </message>
    <message>
        <source>a certificate is broken: %1</source>
        <translation>有一个证书已损坏：%1</translation>
    </message>
    <message>
        <source>there is no certificate in it</source>
        <translation>其中没有证书</translation>
    </message>
    <message>
        <source>verify a certificate chain</source>
        <translation>验证证书链</translation>
    </message>
    <message>
        <source>a certificate cannot be read</source>
        <translation>有一个证书无法读取</translation>
    </message>
</context>
<context>
    <name>PlacesText</name>
    <message>
        <source>Topology</source>
        <translation>拓扑</translation>
    </message>
    <message>
        <source>Setup</source>
        <translation>搭建</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Drills</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>诊断结果</translation>
    </message>
</context>
<context>
    <name>Plan</name>
    <message>
        <source>Step 1: all meshes share one trust root. Its key stays in the keyring; each mesh gets an issuing authority of its own under it.</source>
        <translation>步骤一：所有网格共享一个信任根。其密钥保留在密钥环中；每个网格在它之下有自己的签发 CA。</translation>
    </message>
    <message>
        <source>Step 1: %1 is missing. Region, VPC and vSwitch follow from %2; it issues under the shared root.</source>
        <translation>步骤一：缺少 %1。地域、VPC 和交换机取自 %2；它在共享的根证书之下签发证书。</translation>
    </message>
    <message>
        <source>Step 1: %1 is missing. Region, VPC and vSwitch follow from %2; it makes a root of its own, as the fleet asks.</source>
        <translation>步骤一：缺少 %1。地域、VPC 和交换机取自 %2；按舰队文档的要求，它使用自己的根证书。</translation>
    </message>
    <message>
        <source>Step 1: a new mesh takes two to three minutes.</source>
        <translation>步骤一：新网格需要两到三分钟。</translation>
    </message>
    <message>
        <source>%1 is %2 now.</source>
        <translation>%1 目前为 %2。</translation>
    </message>
    <message>
        <source>Step 1: equality of the roots is fetched from the meshes and compared, not assumed.</source>
        <translation>步骤一：根证书是否相同，通过从各网格取回并比对来确认，而不是假定。</translation>
    </message>
    <message>
        <source>Step 1: %1 injects and configures the workloads of %2.</source>
        <translation>步骤一：%1 为 %2 的工作负载注入 Sidecar 并下发配置。</translation>
    </message>
    <message>
        <source>Step 2: %1 reads the services and endpoints of %2 and changes nothing there.</source>
        <translation>步骤二：%1 读取 %2 的服务和服务端点，不在其中做任何改动。</translation>
    </message>
    <message>
        <source>%1 on %2 with gateway</source>
        <translation>%1 属于 %2，启用网关</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 属于 %2</translation>
    </message>
    <message>
        <source>Gateways have load balancers of their own: they go before the clusters leave.</source>
        <translation>网关拥有自己的负载均衡：要在集群移出之前撤除。</translation>
    </message>
    <message>
        <source>Step 3: the clusters are on different networks. In %1: %2.</source>
        <translation>步骤三：各集群位于不同的网络。在 %1 中：%2。</translation>
    </message>
    <message>
        <source>Step 4: pods made in %1 from now on get a sidecar in the clusters that %2 manages.</source>
        <translation>步骤四：此后在 %1 中创建的 Pod，会在 %2 托管的集群中带有 Sidecar。</translation>
    </message>
    <message>
        <source>Pods that run keep their sidecar until they are made anew.</source>
        <translation>运行中的 Pod 会保留其 Sidecar，直到重新创建。</translation>
    </message>
    <message>
        <source>The fleet is taken away. What the mesh held of configuration goes with it.</source>
        <translation>拆除舰队。网格中保存的配置将一并消失。</translation>
    </message>
    <message>
        <source>%1 has %2 in another mode; the provider cannot change it in place.</source>
        <translation>%1 以另一种模式添加了 %2；提供方无法原地更改模式。</translation>
    </message>
    <message>
        <source>it cannot be reached</source>
        <translation>无法访问它</translation>
    </message>
    <message>
        <source>Without its API server nobody knows what %1 still needs. Try again when it answers.</source>
        <translation>没有它的 API Server 就无法知道 %1 还需要什么。请在它有应答后重试。</translation>
    </message>
    <message>
        <source>plan the fleet %1</source>
        <translation>为舰队 %1 制定计划</translation>
    </message>
    <message>
        <source>the environment %1 has no cluster “%2”</source>
        <translation>环境 %1 没有集群“%2”</translation>
    </message>
    <message>
        <source>Known are: %1.</source>
        <translation>已知的有：%1。</translation>
    </message>
    <message>
        <source>the cloud account has no cluster of this name, and the environment gives no cloudId</source>
        <translation>云账号中没有该名称的集群，环境中也没有给出 cloudId</translation>
    </message>
    <message>
        <source>Add cloudId to the cluster in the environment file.</source>
        <translation>请在环境文件中为该集群添加 cloudId。</translation>
    </message>
    <message>
        <source>the provider does not offer version %1</source>
        <translation>提供方不提供版本 %1</translation>
    </message>
    <message>
        <source>It offers: %1.</source>
        <translation>可用的有：%1。</translation>
    </message>
    <message>
        <source>it has failed (%1): %2</source>
        <translation>它已失败（%1）：%2</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>没有给出原因</translation>
    </message>
    <message>
        <source>it is being deleted</source>
        <translation>它正在删除中</translation>
    </message>
    <message>
        <source>Try again when it is gone.</source>
        <translation>请在它消失后重试。</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 和 %2</translation>
    </message>
    <message>
        <source>they have the same root, but the fleet asks for separate ones</source>
        <translation>它们的根证书相同，但舰队文档要求各自独立</translation>
    </message>
    <message>
        <source>their roots differ, but the fleet asks for a shared one</source>
        <translation>它们的根证书不同，但舰队文档要求共享</translation>
    </message>
    <message>
        <source>The root of a mesh cannot be changed after its creation: delete one of them and apply again.</source>
        <translation>网格创建后无法更换根证书：请删除其中一个网格，然后重新执行。</translation>
    </message>
    <message>
        <source>plan to destroy the fleet %1</source>
        <translation>制定拆除舰队 %1 的计划</translation>
    </message>
    <message>
        <source>it also has the cluster %1, which this fleet does not name</source>
        <translation>它还有此舰队未列出的集群 %1</translation>
    </message>
    <message>
        <source>Remove that cluster from %1 first, if it may go.</source>
        <translation>如果可以移除，请先从 %1 移除该集群。</translation>
    </message>
    <message>
        <source>A mesh can only be deleted when it has no cluster.</source>
        <translation>只有没有集群的网格才能删除。</translation>
    </message>
    <message>
        <source>%1 no longer discovers %2.</source>
        <translation>%1 不再发现 %2。</translation>
    </message>
    <message>
        <source>Step 4: %1 has no namespace %2 yet.</source>
        <translation>步骤四：%1 还没有命名空间 %2。</translation>
    </message>
    <message>
        <source>%1 in %2 is scaled to %3; the fleet asks for %4.</source>
        <translation>%2 中的 %1 已伸缩到 %3；舰队文档要求 %4。</translation>
    </message>
    <message>
        <source>The fleet names the root (trust.name): every environment whose fleet names %1 shares it, and trusts this one.</source>
        <translation>舰队文档指定了根证书（trust.name）：凡舰队文档指定 %1 的环境都共享该根证书，并信任此环境。</translation>
    </message>
    <message>
        <source>No other environment uses it.</source>
        <translation>没有其他环境使用它。</translation>
    </message>
    <message>
        <source>the Service is of type ExternalName: it stands for %1, and no pod ever answers to it</source>
        <translation>该 Service 的类型为 ExternalName：它代表 %1，不会有任何 Pod 为它应答</translation>
    </message>
    <message>
        <source>Delete it if it may go, or deploy the workload into another namespace.</source>
        <translation>如果可以删除，请删除它，或将工作负载部署到其他命名空间。</translation>
    </message>
    <message>
        <source>Step 4: %1 of %2 into namespace %3.</source>
        <translation>步骤四：将 %2 中的 %1 部署到命名空间 %3。</translation>
    </message>
    <message>
        <source>It stays, with its clusters, networks and injection, as long as nothing on it tells that Catamaran made it. If it may go: --foreign mesh/%1</source>
        <translation>只要其上没有任何信息表明它由 Catamaran 创建，它就连同其集群、网络和注入一起保留。如果可以删除：--foreign mesh/%1</translation>
    </message>
    <message>
        <source>The sample goes first: %1 of %2.</source>
        <translation>首先删除示例应用：%2 中的 %1。</translation>
    </message>
    <message>
        <source>It was made for the sample.</source>
        <translation>它是为示例应用创建的。</translation>
    </message>
    <message>
        <source>read an object&apos;s name</source>
        <translation>读取对象名称</translation>
    </message>
    <message>
        <source>it is not KIND/NAMESPACE/NAME</source>
        <translation>它不是 KIND/NAMESPACE/NAME 的形式</translation>
    </message>
    <message>
        <source>For example: Deployment/default/sleep, Namespace/shop, or mesh/mesh-1.</source>
        <translation>例如：Deployment/default/sleep、Namespace/shop 或 mesh/mesh-1。</translation>
    </message>
    <message>
        <source>No keyring answers: the key of the root lives only as long as this program. If it is interrupted before the last mesh is made, it cannot be resumed, and no mesh can ever be added: the fleet would have to be destroyed and applied anew. Start a keyring first if that matters.</source>
        <translation>没有密钥环应答：根证书的密钥只在本程序运行期间保留。如果在创建最后一个网格之前中断，就无法继续，也再不能添加网格：只能拆除舰队后重新执行。如果这很重要，请先启动密钥环。</translation>
    </message>
    <message>
        <source>adopt what is there</source>
        <translation>采用现状</translation>
    </message>
    <message>
        <source>the name is not a DNS label</source>
        <translation>该名称不是 DNS 标签</translation>
    </message>
    <message>
        <source>Use lower-case letters, digits and dashes.</source>
        <translation>请使用小写字母、数字和短横线。</translation>
    </message>
    <message>
        <source>what is there cannot be said in a Fleet document: these steps would remain: %1</source>
        <translation>现状无法用 Fleet 文档表达：仍会剩下这些步骤：%1</translation>
    </message>
    <message>
        <source>%1 is being deleted: left out.</source>
        <translation>%1 正在删除中：已略去。</translation>
    </message>
    <message>
        <source>it is %1</source>
        <translation>它处于 %1</translation>
    </message>
    <message>
        <source>Wait until it runs, or repair or delete it, then try again.</source>
        <translation>请等到它运行，或者修复或删除它，然后重试。</translation>
    </message>
    <message>
        <source>%1 has the member %2, which is no cluster of the environment %3: left out.</source>
        <translation>%1 的成员 %2 不是环境 %3 的集群：已略去。</translation>
    </message>
    <message>
        <source>The meshes have roots in common and others besides: a rotation is under way.</source>
        <translation>各网格有共同的根证书，此外还有其他根证书：正在轮换。</translation>
    </message>
    <message>
        <source>not every root could be read</source>
        <translation>并非每个根证书都能读取</translation>
    </message>
    <message>
        <source>Without them nobody knows whether the meshes trust each other. Try again when their clusters answer.</source>
        <translation>缺少它们就无从得知各网格是否互信。请在其集群应答后重试。</translation>
    </message>
    <message>
        <source>The meshes have one root. Whether its key is in the keyring was not asked: without it no further mesh can be made under it.</source>
        <translation>各网格使用同一个根证书。其密钥是否在密钥环中未经查询：没有该密钥，就无法在它之下再创建网格。</translation>
    </message>
    <message>
        <source>%1 and %2 both manage it</source>
        <translation>%1 和 %2 都在托管它</translation>
    </message>
    <message>
        <source>A cluster is managed by one mesh: remove it from the other, or add it there discovery-only.</source>
        <translation>一个集群只能由一个网格托管：请从另一个网格中移除它，或在那里以 discovery-only 模式添加。</translation>
    </message>
    <message>
        <source>%1 is taken to manage %2: the provider does not tell.</source>
        <translation>视为 %1 托管 %2：提供方没有说明。</translation>
    </message>
    <message>
        <source>%1 is taken to discover %2 only: the provider does not tell.</source>
        <translation>视为 %1 仅发现 %2：提供方没有说明。</translation>
    </message>
    <message>
        <source>No mesh manages %1: left out.</source>
        <translation>没有网格托管 %1：已略去。</translation>
    </message>
    <message>
        <source>Without its API server nobody knows what is in it. Try again when it answers.</source>
        <translation>缺少其 API Server 就无从得知其中有什么。请在它应答后重试。</translation>
    </message>
    <message>
        <source>%1 has %2 on network “%3”, %4 on “%5”.</source>
        <translation>%1 将 %2 置于网络“%3”，而 %4 将其置于“%5”。</translation>
    </message>
    <message>
        <source>Namespace %1 gets sidecars in %2 alone: not in the document, which says so of all clusters.</source>
        <translation>命名空间 %1 仅在 %2 中注入 Sidecar：未写入文档，因为文档对所有集群统一规定。</translation>
    </message>
    <message>
        <source>%1 is described by no manifest of Catamaran: left out.</source>
        <translation>Catamaran 的清单都没有描述 %1：已略去。</translation>
    </message>
    <message>
        <source>look for drift</source>
        <translation>检查漂移</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Of the %1 of %2 only these could be read: %3. What else is there is not in the document.</source>
        <translation>%2 的 %1 中只能读取：%3。其余内容不在文档中。</translation>
    </message>
    <message>
        <source>The roots of the meshes fit the fleet</source>
        <translation>各网格的根证书符合舰队文档的要求</translation>
    </message>
    <message>
        <source>The API server answers</source>
        <translation>API Server 有应答</translation>
    </message>
    <message>
        <source>not answered yet</source>
        <translation>尚未应答</translation>
    </message>
    <message>
        <source>The environment knows the cluster</source>
        <translation>环境中有该集群</translation>
    </message>
    <message>
        <source>the environment %1 has no cluster of this name</source>
        <translation>环境 %1 没有该名称的集群</translation>
    </message>
    <message>
        <source>Add it to the environment file.</source>
        <translation>请将它添加到环境文件。</translation>
    </message>
    <message>
        <source>The API server has a public address</source>
        <translation>API Server 有公网地址</translation>
    </message>
    <message>
        <source>Check the kubeconfig and the network to %1.</source>
        <translation>请检查 kubeconfig 以及到 %1 的网络。</translation>
    </message>
    <message>
        <source>The identity may read the fleet&apos;s namespaces</source>
        <translation>身份有权读取舰队的命名空间</translation>
    </message>
    <message>
        <source>What is outside the fleet&apos;s namespaces is not shown. Who may list the whole cluster sees it.</source>
        <translation>舰队的命名空间之外的内容不会显示。有权列出整个集群的身份才能看到。</translation>
    </message>
    <message>
        <source>Ask whoever administers %1 for the missing rights.</source>
        <translation>请向 %1 的管理员申请缺少的权限。</translation>
    </message>
    <message>
        <source>Pod addresses do not overlap</source>
        <translation>Pod 地址不重叠</translation>
    </message>
    <message>
        <source>Put the clusters on different networks with gateways.</source>
        <translation>请将这些集群放在不同的网络上，并启用网关。</translation>
    </message>
    <message>
        <source>The gateways make it work; routing between the clusters would not.</source>
        <translation>有网关即可正常互通；集群之间直接路由则不行。</translation>
    </message>
    <message>
        <source>The mesh&apos;s provider is here</source>
        <translation>网格的提供方可用</translation>
    </message>
    <message>
        <source>The mesh runs</source>
        <translation>网格运行中</translation>
    </message>
    <message>
        <source>nobody knows: the meshes could not be listed</source>
        <translation>无从得知：无法列出网格</translation>
    </message>
    <message>
        <source>The version can share roots and discover only</source>
        <translation>该版本支持共享根证书和仅服务发现</translation>
    </message>
    <message>
        <source>%1 is not offered; offered are %2</source>
        <translation>不提供 %1；可用的有 %2</translation>
    </message>
    <message>
        <source>Use %1 or a newer version.</source>
        <translation>请使用 %1 或更高版本。</translation>
    </message>
    <message>
        <source>Wait until it runs: changes are refused meanwhile.</source>
        <translation>请等待它进入运行中状态：在此期间改动会被拒绝。</translation>
    </message>
    <message>
        <source>Ask whoever administers the cluster for the missing rights, or name the namespaces that you may see.</source>
        <translation>请向集群管理员申请缺少的权限，或指定您有权查看的命名空间。</translation>
    </message>
    <message>
        <source>Check the network to the API server; what is shown is what was last seen.</source>
        <translation>请检查到 API Server 的网络；当前显示的是最后一次看到的内容。</translation>
    </message>
    <message>
        <source>Wait, or look into the console of the service mesh.</source>
        <translation>请等待，或在服务网格控制台查看。</translation>
    </message>
    <message>
        <source>The mesh must reach the cluster&apos;s API server.</source>
        <translation>网格必须能够访问该集群的 API Server。</translation>
    </message>
    <message>
        <source>Look at the events of the gateway&apos;s service: it needs a load balancer.</source>
        <translation>请查看网关 Service 的事件：它需要负载均衡。</translation>
    </message>
    <message>
        <source>Look at the pods and their events.</source>
        <translation>请查看这些 Pod 及其事件。</translation>
    </message>
    <message>
        <source>Every pod has a sidecar</source>
        <translation>每个 Pod 都有 Sidecar</translation>
    </message>
    <message>
        <source>pods without the container istio-proxy among %1</source>
        <translation>%1 中没有 istio-proxy 容器的 Pod</translation>
    </message>
    <message>
        <source>pods of %1</source>
        <translation>%1 的 Pod</translation>
    </message>
    <message>
        <source>They were made before injection was on: restart the deployment.</source>
        <translation>它们创建于启用注入之前：请重启该 Deployment。</translation>
    </message>
    <message>
        <source>all meshes</source>
        <translation>所有网格</translation>
    </message>
    <message>
        <source>The root of a mesh cannot be changed after its creation: delete one of the meshes and apply the fleet again.</source>
        <translation>网格创建后无法更换根证书：请删除其中一个网格，然后重新执行舰队计划。</translation>
    </message>
    <message>
        <source>Consoles on other machines are not seen: %1</source>
        <translation>看不到其他机器上的控制台：%1</translation>
    </message>
    <message>
        <source>find a cluster</source>
        <translation>查找集群</translation>
    </message>
    <message>
        <source>carry out the plan</source>
        <translation>执行计划</translation>
    </message>
    <message>
        <source>it is a mesh of the provider %1, and the fleet says %2</source>
        <translation>它是提供方 %1 的网格，而舰队文档写的是 %2</translation>
    </message>
    <message>
        <source>Give the mesh of the fleet another name, or write provider: %1.</source>
        <translation>请为舰队的网格换一个名称，或写明 provider: %1。</translation>
    </message>
    <message>
        <source>The clusters tell which control planes run in them</source>
        <translation>运行哪些控制面由集群给出</translation>
    </message>
    <message>
        <source>Nothing is planned before all clusters tell. Try again when they answer.</source>
        <translation>在所有集群都给出信息之前不制定计划。请在它们有应答后重试。</translation>
    </message>
    <message>
        <source>put a probe into %1</source>
        <translation>在 %1 中放置探针</translation>
    </message>
    <message>
        <source>%1 has no ready pod there</source>
        <translation>%1 在那里没有就绪的 Pod</translation>
    </message>
    <message>
        <source>Name another one.</source>
        <translation>请指定另一个文件。</translation>
    </message>
    <message>
        <source>neither a pod nor a Deployment %1 was seen there</source>
        <translation>那里未见名为 %1 的 Pod 或 Deployment</translation>
    </message>
    <message>
        <source>Name one in the environment file: probe: { image: IMAGE, pods: { %1: NAMESPACE/NAME } }</source>
        <translation>请在环境文件中指定一个：probe: { image: IMAGE, pods: { %1: NAMESPACE/NAME } }</translation>
    </message>
    <message>
        <source>%1, container %2</source>
        <translation>%1，容器 %2</translation>
    </message>
    <message>
        <source>its API server does not answer</source>
        <translation>其 API Server 没有应答</translation>
    </message>
    <message>
        <source>Look why, and try again.</source>
        <translation>请查明原因，然后重试。</translation>
    </message>
    <message>
        <source>%1 has no client that could send requests</source>
        <translation>%1 没有可以发送请求的客户端</translation>
    </message>
    <message>
        <source>the environment names no pod of it for a probe</source>
        <translation>环境没有为探针指定其中的 Pod</translation>
    </message>
    <message>
        <source>it has no namespace %1</source>
        <translation>它没有命名空间 %1</translation>
    </message>
    <message>
        <source>Make it, or name another one for probes.</source>
        <translation>请创建它，或为探针指定另一个。</translation>
    </message>
    <message>
        <source>%1: a container of the image %2, which must have sh and curl, is added to the pod %3. It cannot be removed again: it sleeps as a user without rights, ends by itself, and goes with the pod.</source>
        <translation>%1：将向 Pod %3 添加一个使用镜像 %2（必须含有 sh 和 curl）的容器。添加后无法移除：它以无特权用户休眠，会自行结束，并随 Pod 一起消失。</translation>
    </message>
    <message>
        <source>%1: a Deployment %2 of one pod stands in the namespace %3, with the image %4, which must have sh and curl. It runs as a user without rights and without the API&apos;s token, and is deleted afterwards.</source>
        <translation>%1：将在命名空间 %3 中放置一个单 Pod 的 Deployment %2，使用镜像 %4（必须含有 sh 和 curl）。它以无特权用户运行，不带 API 的令牌，之后会被删除。</translation>
    </message>
    <message>
        <source>The namespace gives it a sidecar.</source>
        <translation>该命名空间会为它注入 Sidecar。</translation>
    </message>
    <message>
        <source>The namespace is not known to give pods a sidecar; the pod asks for one, and without it proves nothing.</source>
        <translation>不确定该命名空间是否会为 Pod 注入 Sidecar；该 Pod 要求注入，没有它就什么也证明不了。</translation>
    </message>
    <message>
        <source>%1: none, %2. %3</source>
        <translation>%1：无，%2。%3</translation>
    </message>
    <message>
        <source>Step 3: the clusters are on different networks. %1 is to say that it is on %2, and says: %3.</source>
        <translation>步骤三：集群位于不同网络。%1 应标明位于 %2，现标明：%3。</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Step 4: pods made in %1 of %2 from now on get a sidecar.</source>
        <translation>步骤四：此后在 %2 的 %1 中创建的 Pod 会带有 Sidecar。</translation>
    </message>
    <message>
        <source>It stays: nothing on it tells that Catamaran made it. What Catamaran made around it goes.</source>
        <translation>予以保留：其上没有任何信息表明它由 Catamaran 创建。Catamaran 在其周围创建的内容会被移除。</translation>
    </message>
    <message>
        <source>The account tells its meshes and clusters</source>
        <translation>账号列出其网格和集群</translation>
    </message>
    <message>
        <source>these steps are done by hand, and none was begun: %1</source>
        <translation>以下步骤需手动完成，尚未开始任何一步：%1</translation>
    </message>
    <message>
        <source>Say in the Fleet document what control planes and gateways are installed from, or do them with the commands that the plan shows; then plan again.</source>
        <translation>请在Fleet 文档中写明控制面和网关从什么安装，或按计划中显示的命令手动完成；然后重新规划。</translation>
    </message>
    <message>
        <source>is there</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>Catamaran does not exchange the root of a control plane that runs: it takes another Secret cacerts, a restart of the control plane and of every pod with a sidecar, and until all are restarted those with the old and those with the new certificates refuse each other.</source>
        <translation>Catamaran 不会替换运行中控制面的根证书：这需要换用另一个 Secret cacerts，并重启控制面和每个带 Sidecar 的 Pod；在全部重启之前，持旧证书与持新证书的各方会互相拒绝。</translation>
    </message>
    <message>
        <source>it says more than %1 MiB</source>
        <translation>其输出超过 %1 MiB</translation>
    </message>
    <message>
        <source>it has not ended after %1 s</source>
        <translation>%1 s 后仍未结束</translation>
    </message>
    <message>
        <source>it ended with %1: %2</source>
        <translation>它以 %1 结束：%2</translation>
    </message>
    <message>
        <source>render what the fleet %1 is installed from</source>
        <translation>渲染舰队 %1 的安装内容</translation>
    </message>
    <message>
        <source>its gateway is of the network %1, and the fleet says that %2 is on %3</source>
        <translation>其网关属于网络 %1，而Fleet 文档称 %2 位于 %3</translation>
    </message>
</context>
<context>
    <name>Preflight</name>
    <message>
        <source>The API server answers</source>
        <translation>API Server 有应答</translation>
    </message>
    <message>
        <source>The mesh runs</source>
        <translation>网格运行中</translation>
    </message>
    <message>
        <source>The member is connected</source>
        <translation>成员已连接</translation>
    </message>
    <message>
        <source>The gateway has an address</source>
        <translation>网关已有地址</translation>
    </message>
    <message>
        <source>The pods are ready</source>
        <translation>Pod 已就绪</translation>
    </message>
    <message>
        <source>The meshes have one root</source>
        <translation>各网格使用同一个根证书</translation>
    </message>
    <message>
        <source>The cloud account tells what there is</source>
        <translation>云账号能列出现有资源</translation>
    </message>
    <message>
        <source>The identity may read the cluster</source>
        <translation>身份有权读取该集群</translation>
    </message>
</context>
<context>
    <name>Probe</name>
    <message>
        <source>it was deleted</source>
        <translation>它已被删除</translation>
    </message>
    <message>
        <source>another one of that name took its place</source>
        <translation>同名的另一个 Pod 取代了它</translation>
    </message>
    <message>
        <source>it is being deleted</source>
        <translation>它正在删除中</translation>
    </message>
    <message>
        <source>it is %1</source>
        <translation>它处于 %1</translation>
    </message>
    <message>
        <source>it is not ready any more</source>
        <translation>它不再就绪</translation>
    </message>
    <message>
        <source>find a pod to send from</source>
        <translation>查找用于发送请求的 Pod</translation>
    </message>
    <message>
        <source>the deployment has no selector</source>
        <translation>该 Deployment 没有选择器</translation>
    </message>
    <message>
        <source>it is scaled to 0</source>
        <translation>它已缩容到 0</translation>
    </message>
    <message>
        <source>Scale it up, or send from another workload.</source>
        <translation>请扩容，或从另一个工作负载发送。</translation>
    </message>
    <message>
        <source>none of its %1 pods is ready</source>
        <translation>其 %1 个 Pod 均未就绪</translation>
    </message>
    <message>
        <source>Wait until one is, and try again.</source>
        <translation>请等待其中一个就绪后重试。</translation>
    </message>
    <message>
        <source>send requests</source>
        <translation>发送请求</translation>
    </message>
    <message>
        <source>stopped before the first answer</source>
        <translation>在第一个应答之前已停止</translation>
    </message>
    <message>
        <source>start requests</source>
        <translation>开始发送请求</translation>
    </message>
    <message>
        <source>read the source</source>
        <translation>读取来源</translation>
    </message>
    <message>
        <source>it is not of the form cluster/namespace/workload</source>
        <translation>它不是 cluster/namespace/workload 的形式</translation>
    </message>
    <message>
        <source>Write for example cluster-1/default/sleep.</source>
        <translation>请写成例如 cluster-1/default/sleep。</translation>
    </message>
    <message>
        <source>no workload to send from</source>
        <translation>没有用于发送请求的工作负载</translation>
    </message>
    <message>
        <source>Name it as cluster/namespace/workload.</source>
        <translation>请写成 cluster/namespace/workload。</translation>
    </message>
    <message>
        <source>no URL</source>
        <translation>没有 URL</translation>
    </message>
    <message>
        <source>Write for example http://helloworld:5000/hello.</source>
        <translation>请写成例如 http://helloworld:5000/hello。</translation>
    </message>
    <message>
        <source>“%1” is not a URL</source>
        <translation>“%1”不是 URL</translation>
    </message>
    <message>
        <source>scheme “%1”</source>
        <translation>协议“%1”</translation>
    </message>
    <message>
        <source>Only http and https can be sent.</source>
        <translation>只能发送 http 和 https 请求。</translation>
    </message>
    <message>
        <source>the URL holds a user name or password</source>
        <translation>URL 中含有用户名或密码</translation>
    </message>
    <message>
        <source>Leave them out: the command line in the pod can be read by others.</source>
        <translation>请将其去掉：Pod 中的命令行可能被他人读取。</translation>
    </message>
    <message>
        <source>%1 requests</source>
        <translation>%1 个请求</translation>
    </message>
    <message>
        <source>Give a number from 1 to %1.</source>
        <translation>请给出 1 到 %1 之间的数字。</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>neither a count nor a duration</source>
        <translation>既没有次数，也没有时长</translation>
    </message>
    <message>
        <source>Say how many requests to send, or for how long.</source>
        <translation>请说明要发送多少个请求，或发送多长时间。</translation>
    </message>
    <message>
        <source>%1 requests per second</source>
        <translation>每秒 %1 个请求</translation>
    </message>
    <message>
        <source>Give 0.001 to 1000, or 0 for as fast as answers come.</source>
        <translation>请给出 0.001 到 1000，或用 0 表示收到应答就立即发送下一个。</translation>
    </message>
    <message>
        <source>Give 10 milliseconds to 10 minutes.</source>
        <translation>请给出 10 毫秒到 10 分钟之间的值。</translation>
    </message>
    <message>
        <source>no version</source>
        <translation>无版本</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>No request was answered or failed: nothing was sent.</source>
        <translation>没有请求得到应答，也没有请求失败：什么都没有发送。</translation>
    </message>
    <message>
        <source>All %1 requests failed: %2.</source>
        <translation>%1 个请求全部失败：%2。</translation>
    </message>
    <message>
        <source>every request was answered</source>
        <translation>每个请求都得到了应答</translation>
    </message>
    <message>
        <source>%1 did not answer</source>
        <translation>%1 没有应答</translation>
    </message>
    <message>
        <source> and </source>
        <translation> 和 </translation>
    </message>
    <message>
        <source>%1 answered too, which was not expected</source>
        <translation>%1 也有应答，这不符合预期</translation>
    </message>
    <message>
        <source>only %1 answers, as expected</source>
        <translation>只有 %1 应答，符合预期</translation>
    </message>
    <message>
        <source>both versions answer, as expected</source>
        <translation>两个版本都有应答，符合预期</translation>
    </message>
    <message>
        <source>all versions answer, as expected</source>
        <translation>所有版本都有应答，符合预期</translation>
    </message>
    <message>
        <source>%1 of %2 requests failed (%3)</source>
        <translation>%2 个请求中有 %1 个失败（%3）</translation>
    </message>
    <message>
        <source>%1 of %2: %3.</source>
        <translation>共 %2 个应答（%1）：%3。</translation>
    </message>
    <message>
        <source>“%1” is not an IP address</source>
        <translation>“%1”不是 IP 地址</translation>
    </message>
    <message>
        <source>Leave it out to let the pod resolve the name.</source>
        <translation>将其去掉即可由 Pod 解析该名称。</translation>
    </message>
    <message>
        <source>look a service up</source>
        <translation>查找 Service</translation>
    </message>
    <message>
        <source>it is headless: it has no address of its own</source>
        <translation>它是 Headless Service：没有自己的地址</translation>
    </message>
    <message>
        <source>it has no cluster address</source>
        <translation>它没有集群内地址</translation>
    </message>
    <message>
        <source>Write the address of one of its pods into the URL.</source>
        <translation>请在 URL 中写入它的某个 Pod 的地址。</translation>
    </message>
    <message>
        <source>this is not the name of a service</source>
        <translation>这不是 Service 的名称</translation>
    </message>
    <message>
        <source>Write it like http://helloworld:5000/hello or http://helloworld.sample:5000/hello.</source>
        <translation>请写成 http://helloworld:5000/hello 或 http://helloworld.sample:5000/hello 的形式。</translation>
    </message>
    <message>
        <source>The name “%1” means nothing in the pod, and it is not the name of a service.</source>
        <translation>名称“%1”在 Pod 中无法解析，也不是 Service 的名称。</translation>
    </message>
    <message>
        <source>The name “%1” means nothing in the pod: there is no service %2 in namespace %3 of %4, or the cluster has no DNS. With --cluster-address the API server is asked for the service&apos;s address instead.</source>
        <translation>名称“%1”在 Pod 中无法解析：%4 的命名空间 %3 中没有 Service %2，或该集群没有 DNS。使用 --cluster-address 可改为向 API Server 查询该 Service 的地址。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>choose the container to send from</source>
        <translation>选择用于发送请求的容器</translation>
    </message>
    <message>
        <source>%1 is the mesh&apos;s sidecar: what it sends does not go through the mesh</source>
        <translation>%1 是网格的 Sidecar：它发送的请求不经过网格</translation>
    </message>
    <message>
        <source>Name the application&apos;s container, or none.</source>
        <translation>请指定应用的容器，或不指定。</translation>
    </message>
    <message>
        <source>it has no container “%1”</source>
        <translation>其中没有容器“%1”</translation>
    </message>
    <message>
        <source>It has %1.</source>
        <translation>它有：%1。</translation>
    </message>
    <message>
        <source>Give at most 24 hours.</source>
        <translation>请最多设为 24 小时。</translation>
    </message>
    <message>
        <source>“%1” cannot be the name of a container</source>
        <translation>“%1”不能作为容器的名称</translation>
    </message>
    <message>
        <source>Leave it out to take the one that kubectl would take.</source>
        <translation>省略它即可使用 kubectl 默认选用的容器。</translation>
    </message>
    <message>
        <source>it is of type ExternalName: it stands for %1, and no pod answers to it</source>
        <translation>它的类型为 ExternalName：它代表 %1，没有 Pod 为它应答</translation>
    </message>
    <message>
        <source>Write that name into the URL, if it is what you mean to ask.</source>
        <translation>如果您要请求的就是该名称，请将它写入 URL。</translation>
    </message>
    <message numerus="yes">
        <source>%n more were due and could not be sent in time</source>
        <translation>
            <numerusform>另有 %n 个到时应发送而未能及时发送</numerusform>
        </translation>
    </message>
    <message>
        <source>send from the pod %1</source>
        <translation>从 Pod %1 发送</translation>
    </message>
    <message>
        <source>Name another one.</source>
        <translation>请指定另一个文件。</translation>
    </message>
    <message>
        <source>%1 has not answered yet; too few answers to tell</source>
        <translation>%1 尚未应答；应答太少，无法判断</translation>
    </message>
    <message>
        <source>(since request %1, at %2)</source>
        <translation>（自请求 %1 起，于 %2）</translation>
    </message>
    <message>
        <source>%1 answered too, which was not expected %2</source>
        <translation>%1 也有应答，这不符合预期 %2</translation>
    </message>
    <message>
        <source>differs from what is expected: %1 did not answer %2</source>
        <translation>与预期不符：%1 没有应答%2</translation>
    </message>
    <message>
        <source>differs: all versions answer, but not in the shares that are expected %1</source>
        <translation>不一致：所有版本均有应答，但占比与预期不符%1</translation>
    </message>
    <message>
        <source>Give at most %1 for one source, or send from several.</source>
        <translation>单个来源最多 %1，或从多个来源发送。</translation>
    </message>
</context>
<context>
    <name>Process</name>
    <message>
        <source>A connection did not end in time.</source>
        <translation>有一个连接未能及时结束。</translation>
    </message>
</context>
<context>
    <name>RestoreBanner</name>
    <message>
        <source>&amp;Leave it</source>
        <translation>保留(&amp;L)</translation>
    </message>
</context>
<context>
    <name>RunExport</name>
    <message>
        <source>write the run</source>
        <translation>写入验证记录</translation>
    </message>
    <message>
        <source>the ending of the name says nothing about what to write</source>
        <translation>文件名的扩展名无法说明要写入哪种格式</translation>
    </message>
    <message>
        <source>Let the name end in .csv, .json, .png or .pdf.</source>
        <translation>请使用 .csv、.json、.png 或 .pdf 作为扩展名。</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>逗号分隔值 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Report for print (*.pdf)</source>
        <translation>打印用报告 (*.pdf)</translation>
    </message>
    <message>
        <source>Picture of the report (*.png)</source>
        <translation>报告图片 (*.png)</translation>
    </message>
    <message>
        <source>Export the run</source>
        <translation>导出本次验证</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
</context>
<context>
    <name>RunReport</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>其余 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95% 置信区间</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>预期</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>no version named</source>
        <translation>未指明版本</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>ended %1</source>
        <translation>结束于 %1</translation>
    </message>
    <message>
        <source>%1, over %2</source>
        <translation>%1，历时 %2</translation>
    </message>
    <message>
        <source>Verification of %1</source>
        <translation>%1 的验证</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>%1 (pod %2)</source>
        <translation>%1（Pod %2）</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1, %2 failed; %3</source>
        <translation>%1 个，失败 %2 个；%3</translation>
    </message>
    <message>
        <source>connections kept</source>
        <translation>保持连接</translation>
    </message>
    <message>
        <source>a new connection each</source>
        <translation>每次新建连接</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>p50 %1, p95 %2, p99 %3</source>
        <translation>p50 %1，p95 %2，p99 %3</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>手动执行</translation>
    </message>
    <message>
        <source>Who answered</source>
        <translation>由谁应答</translation>
    </message>
    <message>
        <source>Answers per instance</source>
        <translation>各实例的应答</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>失败原因</translation>
    </message>
    <message>
        <source>The run broke off</source>
        <translation>验证中途中断</translation>
    </message>
    <message>
        <source>The charts show the latest %1 requests; the figures count all %2.</source>
        <translation>图表显示最近 %1 个请求；各项数字统计全部 %2 个。</translation>
    </message>
    <message>
        <source>%1 (pod %2, container %3)</source>
        <translation>%1（Pod %2，容器 %3）</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>How long good answers took, from when they were due</source>
        <translation>正常应答的耗时，从应发送的时刻算起</translation>
    </message>
    <message>
        <source>Expectation</source>
        <translation>预期</translation>
    </message>
</context>
<context>
    <name>SaveFile</name>
    <message>
        <source>it could not be drawn</source>
        <translation>无法绘制</translation>
    </message>
    <message>
        <source>Check that the folder exists and can be written, or choose another one.</source>
        <translation>请确认文件夹存在且可写，或选择其他文件夹。</translation>
    </message>
</context>
<context>
    <name>Say</name>
    <message>
        <source>%1 does not allow: %2</source>
        <translation>%1 不允许：%2</translation>
    </message>
    <message>
        <source>Ask whoever administers the cluster, or open it with another identity.</source>
        <translation>请联系集群管理员，或使用其他身份打开它。</translation>
    </message>
    <message>
        <source>another program has it locked, and did not let go of it for %1 s</source>
        <translation>另一个程序锁定了它，%1 s 内没有释放</translation>
    </message>
    <message>
        <source>Try again when that program is done; “fuser -v %1” shows which it is.</source>
        <translation>请在该程序结束后重试；“fuser -v %1”可显示是哪个程序。</translation>
    </message>
    <message>
        <source>Check the permissions of the file and of its folder.</source>
        <translation>请检查该文件及其所在文件夹的权限。</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>Make room on it and try again.</source>
        <translation>请腾出磁盘空间后重试。</translation>
    </message>
    <message>
        <source>the disk failed: %1</source>
        <translation>磁盘出错：%1</translation>
    </message>
    <message>
        <source>Check the disk and the free space on it.</source>
        <translation>请检查磁盘及其剩余空间。</translation>
    </message>
    <message>
        <source>the file is damaged: %1</source>
        <translation>该文件已损坏：%1</translation>
    </message>
    <message>
        <source>Move it away and a new one is begun; “sqlite3 FILE .recover” takes out of the old one what can be read.</source>
        <translation>请将其移走，之后会新建一个文件；“sqlite3 FILE .recover”可从旧文件中取出仍可读取的内容。</translation>
    </message>
    <message>
        <source>the file, or one beside it (-wal, -shm), cannot be opened</source>
        <translation>无法打开该文件，或其旁边的文件（-wal、-shm）</translation>
    </message>
    <message>
        <source>it is another kind of file, no database</source>
        <translation>它是另一种文件，不是数据库</translation>
    </message>
    <message>
        <source>Name a file of Catamaran&apos;s own, or one that is not there yet, with --database.</source>
        <translation>请用 --database 指定 Catamaran 自己的文件，或尚不存在的文件。</translation>
    </message>
    <message>
        <source>Step 5: the client of %1 stops, so that the next requests come from %2.</source>
        <translation>步骤五：%1 的客户端停止，使后续请求来自 %2。</translation>
    </message>
    <message>
        <source>Step 5: the same client in %1.</source>
        <translation>步骤五：同一客户端在 %1 中启动。</translation>
    </message>
    <message>
        <source>%1 %2 in %3 belongs to %4</source>
        <translation>%3 中的 %1 %2 属于 %4</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 项</translation>
    </message>
    <message>
        <source>Somebody else&apos;s object is not changed unless that is asked for. If it may be taken over: %1</source>
        <translation>除非明确要求，否则不会改动他人的对象。如果可以接管：%1</translation>
    </message>
    <message>
        <source>meanwhile there is another mesh of this name: %1</source>
        <translation>此时已有另一个同名网格：%1</translation>
    </message>
    <message>
        <source>Plan again: the world has changed since.</source>
        <translation>请重新制定计划：实际状况已经变化。</translation>
    </message>
    <message>
        <source>stopped on request</source>
        <translation>已按要求停止</translation>
    </message>
    <message>
        <source>Run it again to go on from there.</source>
        <translation>请再次运行，以从那里继续。</translation>
    </message>
    <message>
        <source>it ended without a reason</source>
        <translation>它结束时没有给出原因</translation>
    </message>
    <message>
        <source>%1 in %2 is not as its manifest says.</source>
        <translation>%2 中的 %1 与其清单不符。</translation>
    </message>
    <message>
        <source>the probe of %1</source>
        <translation>%1 的探针</translation>
    </message>
    <message>
        <source>the probe there could not be used: %1</source>
        <translation>无法使用那里的探针：%1</translation>
    </message>
    <message>
        <source>%1, clients in %2: %3</source>
        <translation>%1，客户端位于 %2：%3</translation>
    </message>
    <message>
        <source>Do it by hand with the command that the plan shows, then plan again.</source>
        <translation>请按计划中显示的命令手动执行，然后重新制定计划。</translation>
    </message>
    <message>
        <source>the pod is not there any more</source>
        <translation>该 Pod 已不存在</translation>
    </message>
    <message>
        <source>%1 runs</source>
        <translation>%1 运行中</translation>
    </message>
    <message>
        <source>%1 has ended with exit code %2 (%3)</source>
        <translation>%1 已结束，退出码为 %2（%3）</translation>
    </message>
    <message>
        <source>%1 has not begun</source>
        <translation>%1 尚未开始</translation>
    </message>
    <message>
        <source>%1 does not run: %2</source>
        <translation>%1 未运行：%2</translation>
    </message>
    <message>
        <source>prepare the drill</source>
        <translation>准备演练</translation>
    </message>
    <message>
        <source>it has a fault of a kind that is not known here</source>
        <translation>其中有一个此处不认识的故障类型</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Leave the control plane of %1 as it is</source>
        <translation>让 %1 的控制面维持现状</translation>
    </message>
    <message>
        <source>its controller is gone: there is nothing to be replaced</source>
        <translation>它的控制器已不存在：不会有 Pod 取代它</translation>
    </message>
    <message>
        <source>%1 of %2 pods ready</source>
        <translation>%2 个 Pod 中 %1 个就绪</translation>
    </message>
    <message>
        <source>Catamaran does not do this by itself; nothing was changed</source>
        <translation>Catamaran 不会自行执行此操作；未做任何改动</translation>
    </message>
</context>
<context>
    <name>SecretStore</name>
    <message>
        <source>read a secret</source>
        <translation>读取密钥</translation>
    </message>
    <message>
        <source>there is none of that name in this run, and no keyring to keep one</source>
        <translation>本次运行中没有该名称的密钥，也没有可保存密钥的密钥环</translation>
    </message>
</context>
<context>
    <name>Services</name>
    <message>
        <source>start the practice range</source>
        <translation>启动练习场</translation>
    </message>
    <message>
        <source>Install Catamaran whole (catamaran-lab stands beside the console), or start catamaran-lab by hand and open its env.yaml.</source>
        <translation>请完整安装 Catamaran（catamaran-lab 与控制台位于同一目录），或手动启动 catamaran-lab 并打开其 env.yaml。</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>kubeconfig of %1</source>
        <translation>%1 的 kubeconfig</translation>
    </message>
    <message>
        <source>open the environment %1</source>
        <translation>打开环境 %1</translation>
    </message>
    <message>
        <source>it has no kubeconfig</source>
        <translation>它没有 kubeconfig</translation>
    </message>
    <message>
        <source>see whether others are at work</source>
        <translation>查看是否有他人正在操作</translation>
    </message>
    <message>
        <source>the environment names no place for a Lease</source>
        <translation>环境没有指定 Lease 的位置</translation>
    </message>
    <message>
        <source>Add lease: { cluster: NAME, namespace: NAME } to it.</source>
        <translation>请在其中添加 lease: { cluster: NAME, namespace: NAME }。</translation>
    </message>
    <message>
        <source>there is no such cluster</source>
        <translation>没有这个集群</translation>
    </message>
    <message>
        <source>find who makes a mesh</source>
        <translation>查找由谁创建网格</translation>
    </message>
    <message>
        <source>the environment has no account for it</source>
        <translation>环境没有用于此的账号</translation>
    </message>
    <message>
        <source>no cluster of the environment can be opened</source>
        <translation>环境中没有可以打开的集群</translation>
    </message>
    <message>
        <source>Check the kubeconfigs that the environment file names.</source>
        <translation>请检查环境文件所指定的 kubeconfig。</translation>
    </message>
</context>
<context>
    <name>ShippedDrill</name>
    <message>
        <source>Lose a workload</source>
        <translation>失去一个工作负载</translation>
    </message>
    <message>
        <source>Scales helloworld-v1 in cluster-1 to 0 while its client keeps asking. The other cluster has to answer alone.</source>
        <translation>在客户端持续请求的同时，将 cluster-1 中的 helloworld-v1 缩容到 0。另一个集群必须独自应答。</translation>
    </message>
    <message>
        <source>When cluster-1 loses its helloworld, cluster-2 answers every request again within ten seconds.</source>
        <translation>cluster-1 失去 helloworld 后，cluster-2 在十秒内恢复应答每个请求。</translation>
    </message>
    <message>
        <source>Move the client</source>
        <translation>移动客户端</translation>
    </message>
    <message>
        <source>Scales sleep in cluster-1 to 0 and deploys it in cluster-2, as the guide does. From there the same address has to answer with the same versions.</source>
        <translation>按照指南，将 cluster-1 中的 sleep 缩容到 0，并在 cluster-2 中部署它。从那里访问同一地址，必须由同样的版本应答。</translation>
    </message>
    <message>
        <source>From cluster-2 the same address answers with both versions, as it did from cluster-1.</source>
        <translation>从 cluster-2 访问同一地址，两个版本都有应答，与从 cluster-1 访问时一样。</translation>
    </message>
    <message>
        <source>Lose any workload</source>
        <translation>失去任意工作负载</translation>
    </message>
    <message>
        <source>Scales $(target) to 0 while $(client) keeps asking. What else answers there has to answer alone.</source>
        <translation>在 $(client) 持续请求时将 $(target) 缩容到 0。那里的其他应答方须独自应答。</translation>
    </message>
    <message>
        <source>When $(target) is lost, every request is answered well again within $(within).</source>
        <translation>失去 $(target) 时，每个请求在 $(within) 内恢复正常应答。</translation>
    </message>
    <message>
        <source>Who sends the requests</source>
        <translation>谁发送请求</translation>
    </message>
    <message>
        <source>The workload that is lost, as cluster/namespace/name</source>
        <translation>失去的工作负载，写作 cluster/namespace/name</translation>
    </message>
    <message>
        <source>What is asked for</source>
        <translation>请求的目标</translation>
    </message>
    <message>
        <source>Which versions have to answer meanwhile; none: any</source>
        <translation>期间必须应答的版本；留空：任意版本</translation>
    </message>
    <message>
        <source>How long it stays broken</source>
        <translation>故障持续多久</translation>
    </message>
    <message>
        <source>How soon every answer has to be good again</source>
        <translation>全部应答须在多久内恢复正常</translation>
    </message>
    <message>
        <source>Requests a second</source>
        <translation>每秒请求数</translation>
    </message>
    <message>
        <source>Shrink a workload</source>
        <translation>缩减工作负载</translation>
    </message>
    <message>
        <source>Scales $(target) to $(replicas) replicas, so that the rest has to carry its load.</source>
        <translation>将 $(target) 缩容到 $(replicas) 个副本，由其余实例承担其负载。</translation>
    </message>
    <message>
        <source>With $(replicas) replicas of $(target) every request is still answered well.</source>
        <translation>$(target) 有 $(replicas) 个副本时，每个请求仍得到正常应答。</translation>
    </message>
    <message>
        <source>How many replicas are left</source>
        <translation>剩余多少个副本</translation>
    </message>
    <message>
        <source>A short outage, and back</source>
        <translation>短暂中断后恢复</translation>
    </message>
    <message>
        <source>Scales $(target) to 0 for a moment and watches how its return is felt.</source>
        <translation>将 $(target) 短暂缩容到 0，并观察其恢复时的影响。</translation>
    </message>
    <message>
        <source>A short loss of $(target) and its return cost no more than $(within) each.</source>
        <translation>短暂失去 $(target) 及其恢复，各自的影响都不超过 $(within)。</translation>
    </message>
    <message>
        <source>Lose two workloads, one after the other</source>
        <translation>先后失去两个工作负载</translation>
    </message>
    <message>
        <source>Scales $(target) to 0, and some time later $(second) as well.</source>
        <translation>将 $(target) 缩容到 0，一段时间后再将 $(second) 缩容到 0。</translation>
    </message>
    <message>
        <source>With $(target) and then $(second) lost, every request is answered well again within $(within).</source>
        <translation>先失去 $(target)、再失去 $(second) 时，每个请求在 $(within) 内恢复正常应答。</translation>
    </message>
    <message>
        <source>The workload that is lost after it</source>
        <translation>在其之后失去的工作负载</translation>
    </message>
    <message>
        <source>Delete all pods of a service</source>
        <translation>删除服务的所有 Pod</translation>
    </message>
    <message>
        <source>Deletes all pods of $(service) at once, as a node that is lost would. Their controllers make others.</source>
        <translation>一次删除 $(service) 的所有 Pod，如同失去节点一样。其控制器会创建新的 Pod。</translation>
    </message>
    <message>
        <source>When all pods of $(service) go at once, every request is answered well again within $(within).</source>
        <translation>$(service) 的所有 Pod 同时消失时，每个请求在 $(within) 内恢复正常应答。</translation>
    </message>
    <message>
        <source>The service whose pods are deleted, as cluster/namespace/service</source>
        <translation>要删除其 Pod 的服务，写作 cluster/namespace/service</translation>
    </message>
    <message>
        <source>Lose a cross-cluster gateway</source>
        <translation>失去跨集群网关</translation>
    </message>
    <message>
        <source>Takes the cross-cluster gateway of $(cluster) away. Nothing reaches it from other networks any more.</source>
        <translation>撤走 $(cluster) 的跨集群网关。其他网络的任何请求都无法再由此进入。</translation>
    </message>
    <message>
        <source>Without the gateway of $(cluster) every request is answered well again within $(within).</source>
        <translation>失去 $(cluster) 的网关时，每个请求在 $(within) 内恢复正常应答。</translation>
    </message>
    <message>
        <source>The cluster that loses it</source>
        <translation>失去它的集群</translation>
    </message>
    <message>
        <source>Where it is</source>
        <translation>它所在的位置</translation>
    </message>
    <message>
        <source>Lose a control plane</source>
        <translation>失去控制面</translation>
    </message>
    <message>
        <source>Stops the control plane in $(cluster) and keeps it down. What was configured goes on.</source>
        <translation>停止 $(cluster) 中的控制面并保持停止。已下发的配置继续生效。</translation>
    </message>
    <message>
        <source>While the control plane of $(cluster) is down, no request fails.</source>
        <translation>$(cluster) 的控制面停止期间，没有请求失败。</translation>
    </message>
    <message>
        <source>Pods are replaced while the control plane is down</source>
        <translation>控制面停止期间替换 Pod</translation>
    </message>
    <message>
        <source>Stops the control plane in $(cluster), then deletes all pods of $(service): new pods want what only a control plane gives.</source>
        <translation>停止 $(cluster) 中的控制面，然后删除 $(service) 的所有 Pod：新 Pod 需要只有控制面才能提供的内容。</translation>
    </message>
    <message>
        <source>Also with pods that are replaced while the control plane of $(cluster) is down, every request is answered well again within $(within).</source>
        <translation>即使在 $(cluster) 的控制面停止期间替换了 Pod，每个请求也能在 $(within) 内恢复正常应答。</translation>
    </message>
    <message>
        <source>Lose a workload, then a gateway</source>
        <translation>先失去工作负载，再失去网关</translation>
    </message>
    <message>
        <source>Scales $(target) to 0, and some time later takes the cross-cluster gateway of $(cluster) away.</source>
        <translation>将 $(target) 缩容到 0，一段时间后再撤走 $(cluster) 的跨集群网关。</translation>
    </message>
    <message>
        <source>With $(target) and the gateway of $(cluster) lost, every request is answered well again within $(within).</source>
        <translation>失去 $(target) 和 $(cluster) 的网关时，每个请求在 $(within) 内恢复正常应答。</translation>
    </message>
    <message>
        <source>A service grows slow</source>
        <translation>服务变慢</translation>
    </message>
    <message>
        <source>Delays $(percent) % of the requests to $(host) by $(delay), in the proxies of the clients.</source>
        <translation>在客户端的代理中，将发往 $(host) 的 $(percent) % 的请求延迟 $(delay)。</translation>
    </message>
    <message>
        <source>Clients of $(host) bear answers that come $(delay) late.</source>
        <translation>$(host) 的客户端能承受延迟 $(delay) 的应答。</translation>
    </message>
    <message>
        <source>The service that the requests are for</source>
        <translation>请求所访问的服务</translation>
    </message>
    <message>
        <source>The namespace of that service</source>
        <translation>该服务所在的命名空间</translation>
    </message>
    <message>
        <source>How long each waits</source>
        <translation>每个请求等待多久</translation>
    </message>
    <message>
        <source>The share of the requests, in per cent</source>
        <translation>受影响请求的百分比</translation>
    </message>
    <message>
        <source>A service answers errors</source>
        <translation>服务应答错误</translation>
    </message>
    <message>
        <source>Answers $(percent) % of the requests to $(host) with $(status), in the proxies of the clients.</source>
        <translation>在客户端的代理中，以 $(status) 应答发往 $(host) 的 $(percent) % 的请求。</translation>
    </message>
    <message>
        <source>Clients of $(host) are rid of the errors within $(within).</source>
        <translation>$(host) 的客户端在 $(within) 内摆脱错误。</translation>
    </message>
    <message>
        <source>What they get instead of an answer</source>
        <translation>它们得到什么来代替应答</translation>
    </message>
    <message>
        <source>Lose a workload while answers are slow</source>
        <translation>应答变慢时失去工作负载</translation>
    </message>
    <message>
        <source>Delays the requests to $(host), and some time later scales $(target) to 0.</source>
        <translation>延迟发往 $(host) 的请求，一段时间后再将 $(target) 缩容到 0。</translation>
    </message>
    <message>
        <source>Also while answers of $(host) are slow, the loss of $(target) is overcome within $(within).</source>
        <translation>即使 $(host) 的应答变慢，失去 $(target) 也能在 $(within) 内恢复正常。</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>write the journal</source>
        <translation>写入操作日志</translation>
    </message>
    <message>
        <source>there is no entry %1</source>
        <translation>没有记录 %1</translation>
    </message>
    <message>
        <source>read the journal</source>
        <translation>读取操作日志</translation>
    </message>
    <message>
        <source>read documents</source>
        <translation>读取文档</translation>
    </message>
    <message>
        <source>open the history</source>
        <translation>打开历史记录</translation>
    </message>
    <message>
        <source>Qt&apos;s SQLite driver is not installed</source>
        <translation>未安装 Qt 的 SQLite 驱动</translation>
    </message>
    <message>
        <source>Install the package libqt6sql6-sqlite.</source>
        <translation>请安装软件包 libqt6sql6-sqlite。</translation>
    </message>
    <message>
        <source>it is the database of another program</source>
        <translation>它是其他程序的数据库</translation>
    </message>
    <message>
        <source>Name a file of Catamaran&apos;s own, or one that is not there yet, with --database.</source>
        <translation>请用 --database 指定 Catamaran 自己的文件，或尚不存在的文件。</translation>
    </message>
    <message>
        <source>it is empty, and nothing can be written to it</source>
        <translation>它是空的，且无法写入任何内容</translation>
    </message>
    <message>
        <source>Check the permissions of the file and of its folder.</source>
        <translation>请检查该文件及其所在文件夹的权限。</translation>
    </message>
    <message>
        <source>it was written by a newer Catamaran (version %1 of the file)</source>
        <translation>它由更新版本的 Catamaran 写入（文件版本 %1）</translation>
    </message>
    <message>
        <source>Use that version, or move the file away.</source>
        <translation>请使用该版本，或将此文件移走。</translation>
    </message>
    <message>
        <source>write the history</source>
        <translation>写入历史记录</translation>
    </message>
    <message>
        <source>save a document</source>
        <translation>保存文档</translation>
    </message>
    <message>
        <source>remove a document</source>
        <translation>删除文档</translation>
    </message>
    <message>
        <source>Name a file of your own with --database.</source>
        <translation>请用 --database 指定您自己的文件。</translation>
    </message>
    <message>
        <source>it is a link, and links are not followed here</source>
        <translation>它是一个链接，此处不跟随链接</translation>
    </message>
    <message>
        <source>Name the file itself.</source>
        <translation>请直接指定文件本身。</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>它是一个文件夹</translation>
    </message>
    <message>
        <source>Name a file in it.</source>
        <translation>请指定其中的一个文件。</translation>
    </message>
    <message>
        <source>it is no regular file, but a device, a pipe or a socket</source>
        <translation>它不是普通文件，而是设备、管道或套接字</translation>
    </message>
    <message>
        <source>it belongs to somebody else: %1</source>
        <translation>它属于其他用户：%1</translation>
    </message>
    <message>
        <source>it is another kind of file, no database</source>
        <translation>它是另一种文件，不是数据库</translation>
    </message>
    <message>
        <source>Name a file in a folder of your own with --database; a folder that is missing is made.</source>
        <translation>请用 --database 指定您自己文件夹中的文件；文件夹不存在时会自动创建。</translation>
    </message>
    <message>
        <source>the folder belongs to somebody else: %1</source>
        <translation>该文件夹属于其他用户：%1</translation>
    </message>
    <message>
        <source>everybody may replace the files of the folder</source>
        <translation>任何人都可以替换该文件夹中的文件</translation>
    </message>
    <message>
        <source>the folder %1 cannot be made: %2</source>
        <translation>无法创建文件夹 %1：%2</translation>
    </message>
    <message>
        <source>Check the permissions of its parent.</source>
        <translation>请检查其上级文件夹的权限。</translation>
    </message>
    <message>
        <source>%1 is no folder</source>
        <translation>%1 不是文件夹</translation>
    </message>
    <message>
        <source>Check the path.</source>
        <translation>请检查路径。</translation>
    </message>
    <message>
        <source>no file is named</source>
        <translation>没有指定文件</translation>
    </message>
    <message>
        <source>Name one with --database.</source>
        <translation>请用 --database 指定一个文件。</translation>
    </message>
    <message>
        <source>the file cannot be made: %1</source>
        <translation>无法创建该文件：%1</translation>
    </message>
    <message>
        <source>Check the permissions of its folder.</source>
        <translation>请检查其所在文件夹的权限。</translation>
    </message>
    <message>
        <source>Check the path and its permissions.</source>
        <translation>请检查路径及其权限。</translation>
    </message>
    <message>
        <source>the file cannot be written: %1</source>
        <translation>无法写入该文件：%1</translation>
    </message>
    <message>
        <source>the folder %1 cannot be written: %2</source>
        <translation>无法写入文件夹 %1：%2</translation>
    </message>
    <message>
        <source>another file took its place while it was opened</source>
        <translation>打开时另一个文件取代了它</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>Unlock it and try again, or set CATAMARAN_KEYRING=none to keep secrets for this run only.</source>
        <translation>请将其解锁后重试，或设置 CATAMARAN_KEYRING=none，使密钥只在本次运行期间保留。</translation>
    </message>
    <message>
        <source>the keyring was not unlocked</source>
        <translation>密钥环未解锁</translation>
    </message>
    <message>
        <source>the keyring was not unlocked (%1)</source>
        <translation>密钥环未解锁（%1）</translation>
    </message>
    <message>
        <source>read a secret</source>
        <translation>读取密钥</translation>
    </message>
    <message>
        <source>no keyring answers, and nothing of that name was kept in this run</source>
        <translation>没有密钥环应答，本次运行中也没有保存该名称的密钥</translation>
    </message>
    <message>
        <source>Start a keyring, or enter the secret again.</source>
        <translation>请启动密钥环，或重新输入密钥。</translation>
    </message>
    <message>
        <source>the keyring has none of that name</source>
        <translation>密钥环中没有该名称的密钥</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>keep a secret</source>
        <translation>保存密钥</translation>
    </message>
    <message>
        <source>cancelled; the keyring may keep it all the same, when it is unlocked later</source>
        <translation>已取消；如果密钥环随后解锁，仍可能将其保存</translation>
    </message>
    <message>
        <source>remove a secret</source>
        <translation>删除密钥</translation>
    </message>
    <message>
        <source>look for a secret</source>
        <translation>查找密钥</translation>
    </message>
    <message>
        <source>look at the keyring</source>
        <translation>查看密钥环</translation>
    </message>
    <message>
        <source>the keyring does not answer</source>
        <translation>密钥环没有应答</translation>
    </message>
    <message>
        <source>it does not answer</source>
        <translation>它没有应答</translation>
    </message>
    <message>
        <source>Start it anew, or set CATAMARAN_KEYRING=none to keep secrets for this run only.</source>
        <translation>请重新启动它，或设置 CATAMARAN_KEYRING=none，使密钥只在本次运行期间保留。</translation>
    </message>
</context>
<context>
    <name>Truth</name>
    <message>
        <source>not known: %1</source>
        <translation>未知：%1</translation>
    </message>
    <message>
        <source>nobody tells which mesh manages %1: the environment has no account</source>
        <translation>无从得知哪个网格托管 %1：环境没有账号</translation>
    </message>
    <message>
        <source>An answer from there shows it, as does what the proxies know.</source>
        <translation>来自那里的应答可以表明，代理所知的内容也可以。</translation>
    </message>
    <message>
        <source>%1 has %2, but nobody tells whether it manages it</source>
        <translation>%1 的成员中有 %2，但无从得知它是否由该网格托管</translation>
    </message>
    <message>
        <source>the control plane of %1</source>
        <translation>%1 的控制面</translation>
    </message>
    <message>
        <source>a request that is answered from there</source>
        <translation>一个由那里应答的请求</translation>
    </message>
    <message>
        <source>requests are answered from there, and yet %1</source>
        <translation>请求由那里应答，然而%1</translation>
    </message>
    <message>
        <source>holds only until %1 restarts</source>
        <translation>只维持到 %1 重启为止</translation>
    </message>
    <message>
        <source>the label topology.istio.io/network in both clusters</source>
        <translation>两个集群中的标签 topology.istio.io/network</translation>
    </message>
    <message>
        <source>it is not known whether there is one network: %1 does not have both clusters</source>
        <translation>不清楚是否为同一网络：%1 没有同时包含两个集群</translation>
    </message>
    <message>
        <source>a mesh that has both clusters</source>
        <translation>一个同时包含两个集群的网格</translation>
    </message>
    <message>
        <source>pods of %1 find those of %2: they were answered from there</source>
        <translation>%1 的 Pod 能找到 %2 的 Pod：由那里作出了应答</translation>
    </message>
    <message>
        <source>the proxy has endpoints that lead to %1: %2</source>
        <translation>代理有通往 %1 的服务端点：%2</translation>
    </message>
    <message>
        <source>%1 has not added %2</source>
        <translation>%1 没有添加 %2</translation>
    </message>
    <message>
        <source>no mesh manages the sending cluster</source>
        <translation>没有网格托管发送方集群</translation>
    </message>
    <message>
        <source>holds only until %1 tells its proxies, or restarts</source>
        <translation>只维持到 %1 通知其代理或重启为止</translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 has %2 as a member, says the account</source>
        <translation>据账号所述，%2 是 %1 的成员</translation>
    </message>
    <message>
        <source>the proxy has no endpoint that leads to %1</source>
        <translation>代理没有通往 %1 的服务端点</translation>
    </message>
    <message>
        <source>but the proxies of %1 are not connected to their control plane: they live on what it told them last (%2)</source>
        <translation>但 %1 的代理未连接到其控制面：它们依靠控制面最后一次下发的内容运行（%2）</translation>
    </message>
    <message>
        <source>holds only until pods change or restart, for nobody tells the proxies of %1</source>
        <translation>只维持到 Pod 变动或重启为止，因为没有谁会通知 %1 的代理</translation>
    </message>
    <message>
        <source>but no control plane in %1 is ready</source>
        <translation>但 %1 中没有就绪的控制面</translation>
    </message>
    <message>
        <source>but the API server of %1, from which it is known, does not answer us: %2</source>
        <translation>但作为信息来源的 %1 的 API Server 没有应答我们：%2</translation>
    </message>
    <message>
        <source>if %1 cannot reach it either, it %2</source>
        <translation>如果 %1 也无法访问它，则%2</translation>
    </message>
    <message>
        <source>%1 refuses connections%2</source>
        <translation>%1 拒绝连接%2</translation>
    </message>
    <message>
        <source>%1 does not answer%2</source>
        <translation>%1 没有应答%2</translation>
    </message>
    <message>
        <source>%1 closes the connection without a word%2</source>
        <translation>%1 未作任何应答就关闭了连接%2</translation>
    </message>
    <message>
        <source>%1 answers with TLS%2</source>
        <translation>%1 以 TLS 应答%2</translation>
    </message>
    <message>
        <source>%1 was not tried</source>
        <translation>未尝试 %1</translation>
    </message>
    <message>
        <source>since then a request was answered from there</source>
        <translation>此后有一个请求由那里应答</translation>
    </message>
    <message>
        <source>requests are answered from there all the same</source>
        <translation>请求仍然由那里应答</translation>
    </message>
    <message>
        <source>may hold only until the connections that are open end</source>
        <translation>可能只维持到已打开的连接结束为止</translation>
    </message>
    <message>
        <source>networks of the managing mesh, services of %1</source>
        <translation>托管网格的网络配置，%1 的 Service</translation>
    </message>
    <message>
        <source>one network: none is needed</source>
        <translation>同一网络：不需要网关</translation>
    </message>
    <message>
        <source>the services of %1 could not be read</source>
        <translation>无法读取 %1 的 Service</translation>
    </message>
    <message>
        <source>%1 is on another network and has no gateway</source>
        <translation>%1 在另一个网络上，且没有网关</translation>
    </message>
    <message>
        <source>what was answered from %1 came over its gateway</source>
        <translation>来自 %1 的应答经过了它的网关</translation>
    </message>
    <message>
        <source>what was answered from %1 came over its gateway at %2</source>
        <translation>来自 %1 的应答经过了它位于 %2 的网关</translation>
    </message>
    <message>
        <source>what was answered from %1 came over one of its gateways at %2</source>
        <translation>来自 %1 的应答经过了它位于 %2 的网关之一</translation>
    </message>
    <message>
        <source>gateway at %1</source>
        <translation>网关位于 %1</translation>
    </message>
    <message>
        <source>a connection to it from a pod of %1, or a request that is answered from there</source>
        <translation>从 %1 的 Pod 到它的连接，或一个由那里应答的请求</translation>
    </message>
    <message>
        <source>the proxies of %1 and %2</source>
        <translation>%1 和 %2 的代理</translation>
    </message>
    <message>
        <source>the proxies of %1 take the root %2, those of %3 the root %4</source>
        <translation>%1 的代理采用根证书 %2，%3 的代理采用根证书 %4</translation>
    </message>
    <message>
        <source>pods of %1 and %2 shook hands: the gateway passes TLS through</source>
        <translation>%1 与 %2 的 Pod 完成了握手：网关透传 TLS</translation>
    </message>
    <message>
        <source>the identity of who answered: in one network an answer does not show whether TLS was used</source>
        <translation>应答方的身份：在同一网络中，应答不能表明是否使用了 TLS</translation>
    </message>
    <message>
        <source>a cluster has no managing mesh</source>
        <translation>有一个集群没有托管网格</translation>
    </message>
    <message>
        <source>holds only until certificates are made anew</source>
        <translation>只维持到证书重新生成为止</translation>
    </message>
    <message>
        <source>the same root, and %1</source>
        <translation>根证书相同，且%1</translation>
    </message>
    <message>
        <source>the same root</source>
        <translation>根证书相同</translation>
    </message>
    <message>
        <source>%1 and %2 have a root in common and others besides: a rotation is under way</source>
        <translation>%1 与 %2 有共同的根证书，此外还有其他根证书：正在轮换</translation>
    </message>
    <message>
        <source>the roots of %1 and %2 differ</source>
        <translation>%1 与 %2 的根证书不同</translation>
    </message>
    <message>
        <source>holds only until certificates are made anew, or pods restart</source>
        <translation>只维持到证书重新生成或 Pod 重启为止</translation>
    </message>
    <message>
        <source>not every root could be read</source>
        <translation>并非每个根证书都能读取</translation>
    </message>
    <message>
        <source>the roots of both meshes</source>
        <translation>两个网格的根证书</translation>
    </message>
    <message>
        <source>%1 has no workload behind the Service %2: nothing there can answer</source>
        <translation>%1 中 Service %2 背后没有工作负载：那里没有什么能够应答</translation>
    </message>
    <message>
        <source>%1 is scaled to 0</source>
        <translation>%1 已缩容到 0</translation>
    </message>
    <message>
        <source>%1: 0 of %2 ready</source>
        <translation>%1：%2 个中 0 个就绪</translation>
    </message>
    <message>
        <source>nothing in %1 can answer: %2</source>
        <translation>%1 中没有什么能够应答：%2</translation>
    </message>
    <message>
        <source>The client has no sidecar: what it sends does not go through the mesh.</source>
        <translation>客户端没有 Sidecar：它发送的请求不经过网格。</translation>
    </message>
    <message>
        <source>The Service %1 of %2 is of type ExternalName: requests go to %3.</source>
        <translation>%2 的 Service %1 的类型为 ExternalName：请求会发往 %3。</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>未查询</translation>
    </message>
    <message>
        <source>not asked: %1</source>
        <translation>未查询：%1</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n request(s) were answered from %2</source>
        <translation>
            <numerusform>%n 个请求中有 %1 个由 %2 应答</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed%1</source>
        <translation>
            <numerusform>%n 个失败%1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answered by other clusters</source>
        <translation>
            <numerusform>%n 个由其他集群应答</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n answered by nobody knows whom (%1)</source>
        <translation>
            <numerusform>%n 个无从得知由谁应答（%1）</numerusform>
        </translation>
    </message>
    <message>
        <source>it is too long ago that %1</source>
        <translation>时间已过久：%1</translation>
    </message>
    <message>
        <source>a new request</source>
        <translation>一个新的请求</translation>
    </message>
    <message>
        <source>%1; before, %2</source>
        <translation>%1；此前，%2</translation>
    </message>
    <message>
        <source>deployments of %1</source>
        <translation>%1 的 Deployment</translation>
    </message>
    <message>
        <source>a workload behind %1 in %2, or another service to ask (--url)</source>
        <translation>%2 中 %1 背后的工作负载，或另一个可请求的服务（--url）</translation>
    </message>
    <message>
        <source>the pods of every cluster, and answers that name the pod</source>
        <translation>每个集群的 Pod，以及指明 Pod 的应答</translation>
    </message>
    <message>
        <source>so few do not tell that none can be</source>
        <translation>数量过少，不能说明无法得到应答</translation>
    </message>
    <message>
        <source>more requests</source>
        <translation>更多请求</translation>
    </message>
    <message>
        <source>%1 keeps them at home while there are ready pods</source>
        <translation>只要有就绪的 Pod，%1 就会将它们留在本地</translation>
    </message>
    <message>
        <source>a drill that takes the pods at home away</source>
        <translation>一个去除本地 Pod 的演练</translation>
    </message>
    <message numerus="yes">
        <source>silent loss: all %n request(s) succeeded, and none was answered from %1</source>
        <translation>
            <numerusform>静默丢失：全部 %n 个请求均成功，但没有一个由 %1 应答</numerusform>
        </translation>
    </message>
    <message>
        <source>read what a proxy says</source>
        <translation>读取代理返回的内容</translation>
    </message>
    <message>
        <source>it says nothing</source>
        <translation>它没有返回任何内容</translation>
    </message>
    <message>
        <source>that is no JSON object: %1</source>
        <translation>那不是 JSON 对象：%1</translation>
    </message>
    <message>
        <source>a pod behind it greets</source>
        <translation>其背后的 Pod 作出了握手回应</translation>
    </message>
    <message>
        <source>TLS alert</source>
        <translation>TLS 告警</translation>
    </message>
    <message>
        <source>the connection is taken, and nothing comes</source>
        <translation>连接被接受，但没有任何返回</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>没有及时收到应答</translation>
    </message>
    <message>
        <source>greet a gateway</source>
        <translation>与网关握手</translation>
    </message>
    <message>
        <source>the pod&apos;s own sidecar ended the connection</source>
        <translation>Pod 自身的 Sidecar 结束了连接</translation>
    </message>
    <message>
        <source>curl ended with %1</source>
        <translation>curl 以 %1 结束</translation>
    </message>
    <message>
        <source>It needs a sidecar whose image has a shell and curl.</source>
        <translation>需要一个镜像中带有 shell 和 curl 的 Sidecar。</translation>
    </message>
    <message>
        <source>the pod said nothing of it</source>
        <translation>Pod 没有提及它</translation>
    </message>
    <message>
        <source>that is no address</source>
        <translation>那不是地址</translation>
    </message>
    <message>
        <source>it has no cluster_statuses</source>
        <translation>其中没有 cluster_statuses</translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation>%1 秒前</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>%1 分钟前</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>%1 小时前</translation>
    </message>
    <message>
        <source>Discovery</source>
        <translation>服务发现</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>There is no direction to prove: that takes two clusters.</source>
        <translation>没有可证明的方向：方向需要两个集群。</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n direction(s) proven</source>
        <translation>
            <numerusform>%n 个方向中已证明 %1 个</numerusform>
        </translation>
    </message>
    <message>
        <source>, newest %1</source>
        <translation>，最新 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 个失败</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stale</source>
        <translation>
            <numerusform>%n 个已过时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n configured only</source>
        <translation>
            <numerusform>%n 个仅已配置</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unknown</source>
        <translation>
            <numerusform>%n 个未知</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with a warning</source>
        <translation>
            <numerusform>%n 个有警告</numerusform>
        </translation>
    </message>
    <message>
        <source>send requests from %1</source>
        <translation>从 %1 发送请求</translation>
    </message>
    <message>
        <source>an API server of %1 that answers</source>
        <translation>一个有应答的 %1 的 API Server</translation>
    </message>
    <message>
        <source>%1 has no ready %2/%3 to send from</source>
        <translation>%1 没有可用于发送的就绪的 %2/%3</translation>
    </message>
    <message>
        <source>send requests</source>
        <translation>发送请求</translation>
    </message>
    <message>
        <source>it has no connection</source>
        <translation>它没有连接</translation>
    </message>
    <message>
        <source>no request came to its end in time</source>
        <translation>没有请求及时结束</translation>
    </message>
    <message>
        <source>it closes the connection, and whether it knows the name is not known</source>
        <translation>它关闭了连接，不清楚它是否认识该名称</translation>
    </message>
    <message>
        <source>explain a request</source>
        <translation>解释请求</translation>
    </message>
    <message>
        <source>not a cluster of this environment</source>
        <translation>不是此环境的集群</translation>
    </message>
    <message>
        <source>It has: %1</source>
        <translation>它有：%1</translation>
    </message>
    <message>
        <source>that is the client&apos;s own cluster</source>
        <translation>那是客户端自己的集群</translation>
    </message>
    <message>
        <source>Name the other cluster, whose pods should answer.</source>
        <translation>请指定另一个集群，即其 Pod 应当应答的集群。</translation>
    </message>
    <message>
        <source>%1 says %2</source>
        <translation>%1 称 %2</translation>
    </message>
    <message>
        <source>%1 has not read %2 since it started: %3</source>
        <translation>%1 自启动以来未读取 %2：%3</translation>
    </message>
    <message>
        <source>but %1</source>
        <translation>但 %1</translation>
    </message>
    <message>
        <source>%1 has a remote secret for %2, and says that it has read it once</source>
        <translation>%1 有用于 %2 的远程 Secret，并称曾读取过它一次</translation>
    </message>
    <message>
        <source>but %1 cannot read %2 now: %3 (%4)</source>
        <translation>但 %1 现在无法读取 %2：%3（%4）</translation>
    </message>
    <message>
        <source>it was not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>%1: not known, %2</source>
        <translation>%1：未知，%2</translation>
    </message>
    <message>
        <source>the right to list %1</source>
        <translation>列出 %1 的权限</translation>
    </message>
    <message>
        <source>%1, which could not be read</source>
        <translation>%1，无法读取</translation>
    </message>
    <message>
        <source>both clusters in the environment</source>
        <translation>环境中的两个集群</translation>
    </message>
    <message>
        <source>nobody has sent a request from there</source>
        <translation>没有人从那里发送过请求</translation>
    </message>
    <message>
        <source>a request from a ready pod of %1</source>
        <translation>一个由 %1 的就绪 Pod 发出的请求</translation>
    </message>
    <message>
        <source>no request could be sent: %1</source>
        <translation>无法发送请求：%1</translation>
    </message>
    <message>
        <source>%1 requests were sent: %2 answered by %3, %4 answered elsewhere, %5 failed</source>
        <translation>已发送 %1 个请求：%2 个由 %3 应答，%4 个由别处应答，%5 个失败</translation>
    </message>
    <message>
        <source>, of %1 answers it is not known where from</source>
        <translation>，其中 %1 个应答不知来自何处</translation>
    </message>
    <message>
        <source>service account %1, %2</source>
        <translation>服务账号 %1，%2</translation>
    </message>
    <message>
        <source>with a sidecar</source>
        <translation>有 Sidecar</translation>
    </message>
    <message>
        <source>without a sidecar</source>
        <translation>没有 Sidecar</translation>
    </message>
    <message>
        <source>the right to get %1</source>
        <translation>读取 %1 的权限</translation>
    </message>
    <message>
        <source>%1, serial %2, until %3</source>
        <translation>%1，序列号 %2，有效期至 %3</translation>
    </message>
    <message>
        <source>the control plane of %1 signs with it</source>
        <translation>%1 的控制面用它签发</translation>
    </message>
    <message>
        <source>%1 has no Secret cacerts: its control plane or provider signs with a CA of its own</source>
        <translation>%1 没有 Secret cacerts：其控制面或提供方使用自己的 CA 签发</translation>
    </message>
    <message>
        <source>istio-proxy of %1</source>
        <translation>%1 的 istio-proxy</translation>
    </message>
    <message>
        <source>set aside as unhealthy: %1</source>
        <translation>因不健康而被摘除：%1</translation>
    </message>
    <message>
        <source>the sidecar was not asked</source>
        <translation>未查询 Sidecar</translation>
    </message>
    <message>
        <source>what the sidecar itself knows</source>
        <translation>Sidecar 自身所知的情况</translation>
    </message>
    <message>
        <source>the client has no sidecar: it goes to the cluster&apos;s own address and never leaves it</source>
        <translation>客户端没有 Sidecar：请求发往集群自己的地址，绝不会离开该集群</translation>
    </message>
    <message>
        <source>%1, ports %2</source>
        <translation>%1，端口 %2</translation>
    </message>
    <message>
        <source>the URL names no Service of the cluster</source>
        <translation>该 URL 没有指向集群的任何 Service</translation>
    </message>
    <message>
        <source>there is no Service %1</source>
        <translation>没有 Service %1</translation>
    </message>
    <message>
        <source>services of %1</source>
        <translation>%1 的 Service</translation>
    </message>
    <message>
        <source>TLS as the mesh decides</source>
        <translation>TLS 由网格决定</translation>
    </message>
    <message>
        <source>TLS mode %1</source>
        <translation>TLS 模式 %1</translation>
    </message>
    <message>
        <source>outlier detection</source>
        <translation>异常点检测</translation>
    </message>
    <message>
        <source>locality settings</source>
        <translation>位置设置</translation>
    </message>
    <message>
        <source>destinationrules of %1</source>
        <translation>%1 的 destinationrules</translation>
    </message>
    <message>
        <source>leads to %1</source>
        <translation>通往 %1</translation>
    </message>
    <message>
        <source>virtualservices of %1</source>
        <translation>%1 的 virtualservices</translation>
    </message>
    <message>
        <source>lets it know of %1</source>
        <translation>使其知晓 %1</translation>
    </message>
    <message>
        <source>sidecars of %1</source>
        <translation>%1 的 sidecars</translation>
    </message>
    <message>
        <source>whether requests leave through a gateway of their own cluster is not known</source>
        <translation>不清楚请求是否经由自己集群的网关离开</translation>
    </message>
    <message>
        <source>the objects of %1</source>
        <translation>%1 的对象</translation>
    </message>
    <message>
        <source>none: the sidecar itself dials the other side</source>
        <translation>无：由 Sidecar 自行连接对端</translation>
    </message>
    <message>
        <source>a route names gateways of its own; whether this request takes one is not seen from here</source>
        <translation>某条路由指定了自己的网关；从这里看不出此请求是否经过其中之一</translation>
    </message>
    <message>
        <source>the access log of %1</source>
        <translation>%1 的访问日志</translation>
    </message>
    <message>
        <source>gateways: %1</source>
        <translation>网关：%1</translation>
    </message>
    <message>
        <source>none: both clusters are on one network, pods are dialled at their own addresses</source>
        <translation>无：两个集群在同一网络，按 Pod 自身的地址连接</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>gateways of %1</source>
        <translation>%1 的网关</translation>
    </message>
    <message>
        <source>no address, port %1</source>
        <translation>没有地址，端口 %1</translation>
    </message>
    <message>
        <source>%1, port %2</source>
        <translation>%1，端口 %2</translation>
    </message>
    <message>
        <source>TLS mode %1, hosts %2</source>
        <translation>TLS 模式 %1，主机 %2</translation>
    </message>
    <message>
        <source>it has no certificate of its own on this way: TLS is passed through by name to the pod</source>
        <translation>它在此路径上没有自己的证书：TLS 按名称透传到 Pod</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>未尝试</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>没有任何回应</translation>
    </message>
    <message>
        <source>taken and closed without a greeting</source>
        <translation>连接被接受后关闭，没有 TLS 回应</translation>
    </message>
    <message>
        <source>greeted</source>
        <translation>收到 TLS 回应</translation>
    </message>
    <message>
        <source>whether requests get here is not known: none came back</source>
        <translation>不清楚请求能否到达此处：没有请求返回</translation>
    </message>
    <message>
        <source>answered by %1</source>
        <translation>由 %1 应答</translation>
    </message>
    <message>
        <source>no pod there was asked for its certificate</source>
        <translation>未向那里的任何 Pod 查询证书</translation>
    </message>
    <message>
        <source>endpoints of %1</source>
        <translation>%1 的服务端点</translation>
    </message>
    <message>
        <source>is not there</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>peerauthentications of %1</source>
        <translation>%1 的 peerauthentications</translation>
    </message>
    <message>
        <source>mutual TLS: %1</source>
        <translation>双向 TLS：%1</translation>
    </message>
    <message>
        <source>no PeerAuthentication: mutual TLS is taken, plain text too</source>
        <translation>没有 PeerAuthentication：接受双向 TLS，也接受明文</translation>
    </message>
    <message>
        <source>authorizationpolicies of %1</source>
        <translation>%1 的 authorizationpolicies</translation>
    </message>
    <message>
        <source>%1, %2 rules</source>
        <translation>%1，%2 条规则</translation>
    </message>
    <message>
        <source>networkpolicies of %1</source>
        <translation>%1 的 networkpolicies</translation>
    </message>
    <message>
        <source>admits other namespaces</source>
        <translation>允许其他命名空间</translation>
    </message>
    <message>
        <source>admits its own namespace alone</source>
        <translation>只允许自己的命名空间</translation>
    </message>
    <message>
        <source>Requests from %1 for %2 are answered by pods of %3.</source>
        <translation>从 %1 发往 %2 的请求由 %3 的 Pod 应答。</translation>
    </message>
    <message>
        <source>Requests from %1 for %2 do not reach %3. They stop here: %4 (%5).</source>
        <translation>从 %1 发往 %2 的请求没有到达 %3。它们停在这里：%4（%5）。</translation>
    </message>
    <message>
        <source>Requests from %1 for %2 do not reach %3, and nothing that was asked shows where they stop.</source>
        <translation>从 %1 发往 %2 的请求没有到达 %3，而已查询的内容都没有显示它们停在哪里。</translation>
    </message>
    <message>
        <source>It is not known whether requests from %1 for %2 reach %3.</source>
        <translation>不清楚从 %1 发往 %2 的请求能否到达 %3。</translation>
    </message>
    <message>
        <source>As far as is known they would stop here: %1 (%2).</source>
        <translation>据目前所知，请求会停在这里：%1（%2）。</translation>
    </message>
    <message>
        <source>client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>its sidecar</source>
        <translation>其 Sidecar</translation>
    </message>
    <message>
        <source>gateway out</source>
        <translation>出口网关</translation>
    </message>
    <message>
        <source>gateway in</source>
        <translation>入口网关</translation>
    </message>
    <message>
        <source>pod</source>
        <translation>Pod</translation>
    </message>
    <message>
        <source>a ready client in %1 with sh and curl (--source), or a probe of ours there: matrix --with-probes, or “Put a probe” beside the matrix</source>
        <translation>%1 中一个带有 sh 和 curl 的就绪客户端（--source），或那里的一个探针：matrix --with-probes，或矩阵旁的“放置探针”</translation>
    </message>
    <message>
        <source>%1 names no service of the clusters</source>
        <translation>%1 没有指向这些集群的任何服务</translation>
    </message>
    <message>
        <source>read the endpoints</source>
        <translation>读取服务端点</translation>
    </message>
    <message>
        <source>the environment does not know it</source>
        <translation>环境中没有它</translation>
    </message>
    <message>
        <source>GET services and pods on %1</source>
        <translation>在 %1 上 GET services 和 pods</translation>
    </message>
    <message>
        <source>the Service %1 in %2 selects no pods</source>
        <translation>%2 中的 Service %1 没有选中任何 Pod</translation>
    </message>
    <message>
        <source>GET %1 on %2</source>
        <translation>GET %1（%2）</translation>
    </message>
    <message>
        <source>whether a proxy sends the client&apos;s requests could not be read</source>
        <translation>无法读取客户端的请求是否由代理发送</translation>
    </message>
    <message>
        <source>nobody tells which clusters a request may go to</source>
        <translation>无从得知请求可以前往哪些集群</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>nobody tells whether the client&apos;s mesh reaches the endpoints in the other clusters</source>
        <translation>无从得知客户端的网格能否到达其他集群中的服务端点</translation>
    </message>
    <message>
        <source>the endpoints in %1 could not be read (%2)</source>
        <translation>无法读取 %1 中的服务端点（%2）</translation>
    </message>
    <message>
        <source>ready pods of %1 in %2 have no label “version”, so that answers cannot be told apart</source>
        <translation>%2 中 %1 的就绪 Pod 没有标签“version”，因此无法区分应答</translation>
    </message>
    <message>
        <source>a kept connection without a proxy stays with one pod</source>
        <translation>没有代理时，保持的连接始终停留在同一个 Pod</translation>
    </message>
    <message>
        <source>the client has no sidecar: its requests stay in %1</source>
        <translation>客户端没有 Sidecar：其请求停留在 %1 中</translation>
    </message>
    <message>
        <source>the weights and localities set in %1 could not be read</source>
        <translation>无法读取 %1 中设置的权重和位置</translation>
    </message>
    <message>
        <source>no ready endpoint of %1 is there</source>
        <translation>那里没有 %1 的就绪服务端点</translation>
    </message>
    <message>
        <source>no weights are set</source>
        <translation>没有设置权重</translation>
    </message>
    <message>
        <source>several VirtualServices are for %1</source>
        <translation>%1 有多个 VirtualService</translation>
    </message>
    <message>
        <source>VirtualService %1 chooses by what is asked</source>
        <translation>VirtualService %1 按请求的内容选择</translation>
    </message>
    <message>
        <source>VirtualService %1 sends to %2 as well</source>
        <translation>VirtualService %1 也发往 %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>no DestinationRule has the subset %1 of VirtualService %2</source>
        <translation>没有 DestinationRule 定义 VirtualService %2 的子集 %1</translation>
    </message>
    <message>
        <source>VirtualService %1 sends to %2, of which no ready endpoint is there</source>
        <translation>VirtualService %1 发往 %2，而它没有就绪的服务端点</translation>
    </message>
    <message>
        <source>VirtualService %1 has no routes that say how</source>
        <translation>VirtualService %1 没有说明如何分配的路由</translation>
    </message>
    <message>
        <source>VirtualService %1: %2</source>
        <translation>VirtualService %1：%2</translation>
    </message>
    <message>
        <source>nothing is preferred for being near</source>
        <translation>不按就近优先</translation>
    </message>
    <message>
        <source>DestinationRule %1 distributes by locality in its own way</source>
        <translation>DestinationRule %1 以自己的方式按位置分配</translation>
    </message>
    <message>
        <source>subsets have settings of their own for what is near</source>
        <translation>子集有各自的就近设置</translation>
    </message>
    <message>
        <source>%1 prefers what is near, and the nodes of %2 could not be read</source>
        <translation>%1 优先就近，而无法读取 %2 的节点</translation>
    </message>
    <message>
        <source>%1 prefers what is near, and the client&apos;s pods are in several places</source>
        <translation>%1 优先就近，而客户端的 Pod 分布在多个位置</translation>
    </message>
    <message>
        <source>%1 prefers what is near, and where the client is could not be read</source>
        <translation>%1 优先就近，而无法读取客户端所在的位置</translation>
    </message>
    <message>
        <source>%1: what is near is preferred</source>
        <translation>%1：优先就近</translation>
    </message>
    <message>
        <source>no version</source>
        <translation>无版本</translation>
    </message>
    <message>
        <source>none ready</source>
        <translation>没有就绪的</translation>
    </message>
    <message>
        <source>%1: not read</source>
        <translation>%1：未读取</translation>
    </message>
    <message>
        <source>read at %1</source>
        <translation>读取于 %1</translation>
    </message>
    <message>
        <source>What to expect is not known: %1.</source>
        <translation>预期不明：%1。</translation>
    </message>
    <message>
        <source>Endpoints: %1; %2.</source>
        <translation>服务端点：%1；%2。</translation>
    </message>
    <message>
        <source>Expected: %1. Ready endpoints: %2.</source>
        <translation>预期：%1。就绪服务端点：%2。</translation>
    </message>
    <message>
        <source>ready endpoints: %1</source>
        <translation>就绪的服务端点：%1</translation>
    </message>
    <message>
        <source>%1 days ago</source>
        <translation>%1 天前</translation>
    </message>
</context>
<context>
    <name>VerifyPlace</name>
    <message>
        <source>%1: %2 → %3 %</source>
        <translation>%1：%2 → %3%</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>at %1 % of the room</source>
        <translation>位于 %1% 处</translation>
    </message>
    <message>
        <source>Border between %1 and %2</source>
        <translation>“%1”与“%2”之间的分隔条</translation>
    </message>
    <message>
        <source>configured</source>
        <translation>已配置</translation>
    </message>
    <message>
        <source>proven</source>
        <translation>已证明</translation>
    </message>
    <message>
        <source>it needs %1</source>
        <translation>它需要%1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n more from there</source>
        <translation>
            <numerusform>从那里出发的还有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>see %1</source>
        <translation>查看 %1</translation>
    </message>
    <message>
        <source>send requests from a pod</source>
        <translation>从 Pod 发送请求</translation>
    </message>
    <message>
        <source>move the client and run drills</source>
        <translation>移动客户端并运行演练</translation>
    </message>
    <message>
        <source>run drills</source>
        <translation>运行演练</translation>
    </message>
    <message>
        <source>deploy the sample application</source>
        <translation>部署示例应用</translation>
    </message>
    <message>
        <source>%1 %2 in all namespaces</source>
        <translation>在所有命名空间中对 %2 执行 %1</translation>
    </message>
    <message>
        <source>%1 %2 in namespace %3</source>
        <translation>在命名空间 %3 中对 %2 执行 %1</translation>
    </message>
    <message>
        <source>%1: %2 may not %3. Ask whoever administers the cluster, or open it with another identity.</source>
        <translation>%1：%2 无权%3。请联系集群管理员，或使用其他身份打开它。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>%1 (impersonated)</source>
        <translation>%1（模拟身份）</translation>
    </message>
    <message>
        <source>the kubeconfig&apos;s token</source>
        <translation>kubeconfig 中的令牌</translation>
    </message>
    <message>
        <source>%1 (groups %2)</source>
        <translation>%1（组 %2）</translation>
    </message>
    <message>
        <source>what %1 gives</source>
        <translation>%1 提供的身份</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>匿名</translation>
    </message>
    <message>
        <source>stale: %1</source>
        <translation>已过时：%1</translation>
    </message>
    <message>
        <source>stale since %1: %2</source>
        <translation>自 %1 起已过时：%2</translation>
    </message>
    <message>
        <source>Nothing can be started there before its API server answers again; that is noticed by itself.</source>
        <translation>在其 API Server 恢复应答之前，无法在那里启动任何操作；恢复后会自动察觉。</translation>
    </message>
    <message>
        <source>it runs: %1</source>
        <translation>它正在运行：%1</translation>
    </message>
    <message>
        <source>an earlier version wrote it: its steps say what takes them back by hand</source>
        <translation>它由早期版本写入：其步骤说明了如何手动撤回</translation>
    </message>
    <message>
        <source>no environment is open</source>
        <translation>没有打开任何环境</translation>
    </message>
    <message>
        <source>it belongs to the environment %1</source>
        <translation>它属于环境 %1</translation>
    </message>
    <message>
        <source>%1 (goes on from %2)</source>
        <translation>%1（接续 %2）</translation>
    </message>
    <message>
        <source>Apply %1</source>
        <translation>执行 %1</translation>
    </message>
    <message>
        <source>Take away %1</source>
        <translation>拆除 %1</translation>
    </message>
    <message>
        <source>Move the client</source>
        <translation>移动客户端</translation>
    </message>
    <message>
        <source>Drill %1</source>
        <translation>演练 %1</translation>
    </message>
    <message>
        <source>Undo of “%1”</source>
        <translation>撤销“%1”</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>undo due</source>
        <translation>待撤销</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>not begun</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>begun, no end noted</source>
        <translation>已开始，没有结束记录</translation>
    </message>
    <message>
        <source>sent, not yet proven</source>
        <translation>已发送，尚未证明</translation>
    </message>
    <message>
        <source>sent, no answer</source>
        <translation>已发送，没有应答</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>given up</source>
        <translation>已放弃</translation>
    </message>
    <message>
        <source>an earlier version</source>
        <translation>早期版本</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>it takes something back itself</source>
        <translation>它本身就是一次撤回</translation>
    </message>
    <message>
        <source>it is undone</source>
        <translation>它已撤销</translation>
    </message>
    <message>
        <source>nothing of it is left to be taken back</source>
        <translation>其中没有可撤回的内容</translation>
    </message>
    <message>
        <source>it is done</source>
        <translation>它已完成</translation>
    </message>
    <message>
        <source>what it did is being taken back: undo it</source>
        <translation>它所做的改动正在撤回：请撤销它</translation>
    </message>
    <message>
        <source>a drill is not gone on with, but put back: undo it</source>
        <translation>演练不能继续，只能恢复：请撤销它</translation>
    </message>
    <message>
        <source>no step is chosen</source>
        <translation>没有选择步骤</translation>
    </message>
    <message>
        <source>it takes something back: choose the step there</source>
        <translation>它是一次撤回：请在那里选择步骤</translation>
    </message>
    <message>
        <source>nothing of it is left to be settled or taken back</source>
        <translation>其中没有需要处理或撤回的内容</translation>
    </message>
    <message>
        <source>Give the step up</source>
        <translation>放弃该步骤</translation>
    </message>
    <message>
        <source>“%1” is left as it is now: it is not looked at again, not taken back, and keeps nobody off any more. The reason is kept with it.</source>
        <translation>“%1”将维持现状：不再查看，不再撤回，也不再阻止任何人。原因会随之保存。</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Why it may stay so</source>
        <translation>为什么可以维持现状</translation>
    </message>
    <message>
        <source>&amp;Give it up</source>
        <translation>放弃(&amp;G)</translation>
    </message>
    <message>
        <source>plugin %1</source>
        <translation>插件 %1</translation>
    </message>
    <message>
        <source>token of %1</source>
        <translation>%1 的令牌</translation>
    </message>
    <message>
        <source>token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>certificate %1</source>
        <translation>证书 %1</translation>
    </message>
    <message>
        <source>password of %1</source>
        <translation>%1 的密码</translation>
    </message>
    <message>
        <source>Let the context name a cluster that is defined</source>
        <translation>让该上下文指定一个已定义的集群</translation>
    </message>
    <message>
        <source>Talk over TLS</source>
        <translation>通过 TLS 通信</translation>
    </message>
    <message>
        <source>Verify with the certificate authority that is given</source>
        <translation>用已给出的证书颁发机构进行验证</translation>
    </message>
    <message>
        <source>Verify with the cluster&apos;s certificate authority</source>
        <translation>用该集群的证书颁发机构进行验证</translation>
    </message>
    <message>
        <source>Ask whoever runs the cluster for ca.pem.</source>
        <translation>请向集群管理员索取 ca.pem。</translation>
    </message>
    <message>
        <source>Let the context name a user that is defined</source>
        <translation>让该上下文指定一个已定义的用户</translation>
    </message>
    <message>
        <source>Install the program that gives the credentials, then look whether it is found</source>
        <translation>安装提供凭证的程序，然后查看能否找到它</translation>
    </message>
    <message>
        <source>Let only yourself read the file</source>
        <translation>只允许您自己读取该文件</translation>
    </message>
    <message>
        <source>note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>certificate expired</source>
        <translation>证书已过期</translation>
    </message>
    <message>
        <source>plain http: no credentials are sent</source>
        <translation>明文 http：不发送凭证</translation>
    </message>
    <message>
        <source>server not verified</source>
        <translation>未验证服务器</translation>
    </message>
    <message>
        <source>certificate ends soon</source>
        <translation>证书即将到期</translation>
    </message>
    <message>
        <source>can be used</source>
        <translation>可以使用</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>%1 (expired)</source>
        <translation>%1（已过期）</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n day(s))</source>
        <translation>
            <numerusform>%1（还有 %n 天）</numerusform>
        </translation>
    </message>
    <message>
        <source>context %1</source>
        <translation>上下文 %1</translation>
    </message>
    <message>
        <source> (current)</source>
        <translation>（当前）</translation>
    </message>
    <message>
        <source>cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>trusts</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>user</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>identity</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>acting as</source>
        <translation>模拟身份</translation>
    </message>
    <message>
        <source>namespace</source>
        <translation>命名空间</translation>
    </message>
    <message>
        <source>proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>certificate until</source>
        <translation>证书有效期至</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>user “%1”</source>
        <translation>用户“%1”</translation>
    </message>
    <message>
        <source>cluster “%1”</source>
        <translation>集群“%1”</translation>
    </message>
    <message>
        <source>kubectl with all these files together would take %1 from %2.</source>
        <translation>kubectl 一并读取所有这些文件时，会采用 %2 中的%1。</translation>
    </message>
    <message>
        <source>Here the context uses its own file.</source>
        <translation>此处该上下文使用它自己的文件。</translation>
    </message>
    <message>
        <source>keep the environment</source>
        <translation>保存环境</translation>
    </message>
    <message>
        <source>Check the folder&apos;s permissions and free space.</source>
        <translation>请检查文件夹的权限和剩余空间。</translation>
    </message>
    <message>
        <source>the folder cannot be made</source>
        <translation>无法创建该文件夹</translation>
    </message>
    <message>
        <source>remove the kept environment</source>
        <translation>移除已保存的环境</translation>
    </message>
    <message>
        <source>Check the folder&apos;s permissions.</source>
        <translation>请检查文件夹的权限。</translation>
    </message>
    <message>
        <source>pods %1</source>
        <translation>Pod %1</translation>
    </message>
    <message>
        <source>There is one cluster, so there is nothing to join.</source>
        <translation>只有一个集群，没有什么需要连通。</translation>
    </message>
    <message>
        <source>Two clusters give their pods the same addresses, so a pod of one can never reach a pod of the other directly. %1</source>
        <translation>两个集群为 Pod 分配了相同的地址，因此一个集群的 Pod 永远无法直接访问另一个集群的 Pod。%1</translation>
    </message>
    <message>
        <source>The clusters are in different VPCs. Unless a CEN joins these, their pods cannot reach each other, and requests must go through gateways. %1</source>
        <translation>这些集群位于不同的 VPC。除非通过 CEN 打通，否则它们的 Pod 无法互访，请求必须经过网关。%1</translation>
    </message>
    <message>
        <source>The clusters are in the same VPC, so their pods reach each other directly. %1</source>
        <translation>这些集群位于同一个 VPC，因此它们的 Pod 可以直接互访。%1</translation>
    </message>
    <message>
        <source>Nothing is known about the networks of these clusters. Choose by whether a pod of one reaches a pod of the other.</source>
        <translation>对这些集群的网络一无所知。请根据一个集群的 Pod 能否访问另一个集群的 Pod 来选择。</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>the fleet</source>
        <translation>舰队</translation>
    </message>
    <message>
        <source>every other</source>
        <translation>其他各集群</translation>
    </message>
    <message>
        <source>discovery</source>
        <translation>服务发现</translation>
    </message>
    <message>
        <source>trust</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>workload</source>
        <translation>工作负载</translation>
    </message>
    <message>
        <source>drill</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>未查询</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>1 rule could not be asked</source>
        <translation>1 条规则无法查询</translation>
    </message>
    <message>
        <source>%1 rules could not be asked</source>
        <translation>%1 条规则无法查询</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>where: %1</source>
        <translation>位置：%1</translation>
    </message>
    <message>
        <source>direction: %1</source>
        <translation>方向：%1</translation>
    </message>
    <message>
        <source>evidence: %1  (%2, %3)</source>
        <translation>依据：%1（%2，%3）</translation>
    </message>
    <message>
        <source>what to do: %1</source>
        <translation>如何处理：%1</translation>
    </message>
    <message>
        <source>accepted until %1 because %2</source>
        <translation>已接受，至 %1，原因：%2</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 个失败</translation>
    </message>
    <message>
        <source>%1 old</source>
        <translation>%1 项已过时</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 个警告</translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation>%1 个警告</translation>
    </message>
    <message>
        <source>%1 accepted</source>
        <translation>%1 项已接受</translation>
    </message>
    <message>
        <source>nothing was found</source>
        <translation>未找到任何问题</translation>
    </message>
    <message>
        <source>Mend %1</source>
        <translation>修复 %1</translation>
    </message>
    <message>
        <source>Probe %1</source>
        <translation>探针 %1</translation>
    </message>
    <message>
        <source>a probe is not gone on with, but taken away: undo it</source>
        <translation>探针不能继续，只能拆除：请撤销它</translation>
    </message>
    <message>
        <source>%1 (execution %2)</source>
        <translation>%1（执行记录 %2）</translation>
    </message>
    <message>
        <source>network label %1</source>
        <translation>网络标签 %1</translation>
    </message>
    <message>
        <source>The clusters&apos; own labels put them on different networks. %1</source>
        <translation>按集群自身的标签，它们位于不同的网络。%1</translation>
    </message>
    <message>
        <source>The clusters&apos; own labels put them on one network. %1</source>
        <translation>按集群自身的标签，它们位于同一个网络。%1</translation>
    </message>
    <message>
        <source>The clusters are in different regions. Unless their networks are joined, requests must go through gateways. %1</source>
        <translation>这些集群位于不同的地域。除非它们的网络已打通，否则请求必须经过网关。%1</translation>
    </message>
</context>
<context>
    <name>catamaran::alicloud::Transport</name>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
</context>
<context>
    <name>catamaran::probe::Run</name>
    <message>
        <source>send requests</source>
        <translation>发送请求</translation>
    </message>
    <message>
        <source>the pod disappeared while probing: %1</source>
        <translation>探测时 Pod 消失了：%1</translation>
    </message>
    <message>
        <source>%1 samples were kept. Start again to use another pod of the workload.</source>
        <translation>已保留 %1 个样本。请重新开始，以使用该工作负载的另一个 Pod。</translation>
    </message>
    <message>
        <source>the command ended early with exit code %1</source>
        <translation>命令提前结束，退出码 %1</translation>
    </message>
    <message>
        <source>%1 samples were kept.</source>
        <translation>已保留 %1 个样本。</translation>
    </message>
    <message>
        <source>Send from a workload whose container has sh and curl, such as the sample&apos;s sleep, or name another container of the pod (--container).</source>
        <translation>请从容器中有 sh 和 curl 的工作负载发送请求，例如示例应用的 sleep，或指定该 Pod 的其他容器（--container）。</translation>
    </message>
    <message>
        <source>the container has no shell: %1</source>
        <translation>容器中没有 shell：%1</translation>
    </message>
    <message>
        <source>this curl is too old (%1): 7.29 is needed</source>
        <translation>此 curl 版本过旧（%1）：需要 7.29</translation>
    </message>
    <message>
        <source>this curl is too old (%1) to keep connections: it cannot say how each request ended</source>
        <translation>此 curl 版本过旧（%1），无法保持连接：它不能说明每个请求的结果</translation>
    </message>
    <message>
        <source>Send over a new connection each (without --keep-alive), or from a container with curl 7.84.</source>
        <translation>请每次使用新连接发送（不加 --keep-alive），或从带有 curl 7.84 的容器发送。</translation>
    </message>
    <message>
        <source>%1/%2/%3, container %4</source>
        <translation>%1/%2/%3，容器 %4</translation>
    </message>
    <message>
        <source>there is no curl in this container</source>
        <translation>此容器中没有 curl</translation>
    </message>
    <message>
        <source>more than %1 requests a second cannot be sent from there (%2)</source>
        <translation>无法从那里每秒发送超过 %1 个请求（%2）</translation>
    </message>
    <message>
        <source>Ask for at most %1 a second, or send from a container with curl 7.75 and a /proc.</source>
        <translation>请将速率设为每秒最多 %1 个，或从带有 curl 7.75 和 /proc 的容器发送。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::AcceptDialog</name>
    <message>
        <source>Accept a finding</source>
        <translation>接受诊断结果</translation>
    </message>
    <message>
        <source>Until this day</source>
        <translation>截至此日</translation>
    </message>
    <message>
        <source>Why it is wanted so</source>
        <translation>为什么希望维持这样</translation>
    </message>
    <message>
        <source>&amp;Until</source>
        <translation>截止日期(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Because</source>
        <translation>原因(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Accept</source>
        <translation>接受(&amp;A)</translation>
    </message>
    <message>
        <source>It stays in the list, as accepted, and does not count until that day is over.</source>
        <translation>它作为已接受项留在列表中，在该日期结束之前不计入。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ActivityModel</name>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>改动</translation>
    </message>
    <message>
        <source>On</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>身份</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ActivityPlace</name>
    <message>
        <source>&amp;Changes</source>
        <translation>改动(&amp;C)</translation>
    </message>
    <message>
        <source>Search the changes</source>
        <translation>搜索改动</translation>
    </message>
    <message>
        <source>Export the changes…</source>
        <translation>导出改动…</translation>
    </message>
    <message>
        <source>Search changes, targets, calls, answers, request ids</source>
        <translation>搜索改动、对象、调用、应答、请求 ID</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>改动</translation>
    </message>
    <message>
        <source>The same by hand</source>
        <translation>等效手动命令</translation>
    </message>
    <message>
        <source>Takes it back</source>
        <translation>撤销方法</translation>
    </message>
    <message>
        <source>No change was made yet</source>
        <translation>还没有任何改动</translation>
    </message>
    <message>
        <source>Every change that Catamaran makes to any system is written here before it is made: the call, the answer, how long it took, and what takes it back.</source>
        <translation>Catamaran 对任何系统所做的每项改动都会事先记录在这里：调用、应答、耗时，以及如何撤销。</translation>
    </message>
    <message>
        <source>Set up a fleet</source>
        <translation>搭建舰队</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>改动</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>Request id</source>
        <translation>请求 ID</translation>
    </message>
    <message>
        <source>Export the changes</source>
        <translation>导出改动</translation>
    </message>
    <message>
        <source>write the changes</source>
        <translation>写入改动</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>The chosen change</source>
        <translation>所选改动</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>Undo this execution…</source>
        <translation>撤销此执行记录…</translation>
    </message>
    <message>
        <source>Give up step…</source>
        <translation>放弃步骤…</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 (execution %2)</source>
        <translation>%1（执行记录 %2）</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>结束时间</translation>
    </message>
    <message>
        <source>By</source>
        <translation>执行者</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>Cannot be undone</source>
        <translation>无法撤销</translation>
    </message>
    <message>
        <source>nothing is chosen</source>
        <translation>没有选择任何内容</translation>
    </message>
    <message>
        <source>%1: not possible, %2</source>
        <translation>%1：不可用，%2</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>&amp;Directions</source>
        <translation>方向(&amp;D)</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::AnswerModel</name>
    <message>
        <source>connect %1 ms, first byte %2 ms, total %3 ms</source>
        <translation>连接 %1 ms，首字节 %2 ms，总计 %3 ms</translation>
    </message>
    <message>
        <source>✓ %1</source>
        <translation>✓ %1</translation>
    </message>
    <message>
        <source>✗ %1</source>
        <translation>✗ %1</translation>
    </message>
    <message>
        <source>✗ no answer</source>
        <translation>✗ 没有应答</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>复用</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送时间</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Answer, as it came</source>
        <translation>应答原文</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::AnswersChart</name>
    <message>
        <source>Answers per second</source>
        <translation>每秒应答数</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>no version</source>
        <translation>无版本</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::AnswersPage</name>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>No request was sent yet.</source>
        <translation>还没有发送任何请求。</translation>
    </message>
    <message>
        <source>&amp;Send ten requests</source>
        <translation>发送十个请求(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Open the Verify place</source>
        <translation>打开“验证”页面(&amp;O)</translation>
    </message>
    <message>
        <source>Answers, as they came</source>
        <translation>应答原文</translation>
    </message>
    <message>
        <source>Hello version: …</source>
        <translation>Hello version: …</translation>
    </message>
    <message>
        <source>The same with kubectl</source>
        <translation>等效的 kubectl 命令</translation>
    </message>
    <message>
        <source>The same by hand</source>
        <translation>等效手动命令</translation>
    </message>
    <message>
        <source># no client (sleep) is ready yet</source>
        <translation># 还没有就绪的客户端（sleep）</translation>
    </message>
    <message>
        <source>No client is ready yet: apply the plan with the sample application first.</source>
        <translation>还没有就绪的客户端：请先执行包含示例应用的计划。</translation>
    </message>
    <message>
        <source>Asking from %1…</source>
        <translation>正在从 %1 发送请求…</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Ten requests from the client to helloworld. Both versions should answer: under meshes from both clusters, without one from the client&apos;s own.</source>
        <translation>从客户端向 helloworld 发送十个请求。两个版本都应有应答：有网格时来自两个集群，没有网格时来自客户端所在的集群。</translation>
    </message>
    <message>
        <source>What is proven from there</source>
        <translation>从那里出发已证明的内容</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::AnswersPanel</name>
    <message>
        <source>Search the answers</source>
        <translation>搜索应答</translation>
    </message>
    <message>
        <source>Search answers, instances, reasons, codes</source>
        <translation>搜索应答、实例、原因、状态码</translation>
    </message>
    <message>
        <source>&amp;Failed only</source>
        <translation>仅失败的(&amp;F)</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>复制(&amp;Y)</translation>
    </message>
    <message>
        <source>Copy the chosen answers, or all that are shown, in curl&apos;s own words</source>
        <translation>以 curl 的原文复制所选应答或显示的全部应答</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>Write this run as CSV, JSON, PDF or PNG</source>
        <translation>将本次验证写为 CSV、JSON、PDF 或 PNG</translation>
    </message>
    <message>
        <source>Raw answers</source>
        <translation>原始应答</translation>
    </message>
    <message>
        <source>Copy answers</source>
        <translation>复制应答</translation>
    </message>
    <message>
        <source>Expla&amp;in</source>
        <translation>解释(&amp;I)</translation>
    </message>
    <message>
        <source>Follows a request like the chosen failed one hop by hop: what rules it, and where it stops</source>
        <translation>逐跳跟踪一个与所选失败请求相同的请求：它受什么约束，停在哪里</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ApplyPage</name>
    <message>
        <source>Apply</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Each step looks before it acts and reads its change back. You can stop at any time, go on later, and take everything away again.</source>
        <translation>每个步骤都先查看再动手，并回读改动结果。您可以随时停止、稍后继续，也可以全部撤销。</translation>
    </message>
    <message>
        <source>&amp;Apply</source>
        <translation>执行(&amp;A)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Steps done</source>
        <translation>已完成的步骤</translation>
    </message>
    <message>
        <source>Log of this run</source>
        <translation>本次执行的日志</translation>
    </message>
    <message>
        <source>What happens is written here, and kept in the Activity place.</source>
        <translation>执行过程会写在这里，并保存在“活动”页面中。</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Steps are running.</source>
        <translation>正在执行步骤。</translation>
    </message>
    <message>
        <source>The plan has not been applied.</source>
        <translation>计划尚未执行。</translation>
    </message>
    <message>
        <source>Apply %1</source>
        <translation>执行 %1</translation>
    </message>
    <message>
        <source>Stop requested</source>
        <translation>已请求停止</translation>
    </message>
    <message>
        <source>✗ %1: %2</source>
        <translation>✗ %1：%2</translation>
    </message>
    <message>
        <source>✓ %1 (%2)</source>
        <translation>✓ %1（%2）</translation>
    </message>
    <message>
        <source>▶ %1</source>
        <translation>▶ %1</translation>
    </message>
    <message>
        <source>Everything was taken away again.</source>
        <translation>已全部拆除。</translation>
    </message>
    <message>
        <source>All steps are done.</source>
        <translation>所有步骤均已完成。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>&amp;Apply again</source>
        <translation>重新执行(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>继续(&amp;R)</translation>
    </message>
    <message>
        <source>Looking at the fleet…</source>
        <translation>正在查看舰队…</translation>
    </message>
    <message>
        <source>All done: %1.</source>
        <translation>全部完成：%1。</translation>
    </message>
    <message>
        <source>Nothing is to do.</source>
        <translation>无需操作。</translation>
    </message>
    <message>
        <source>To do: %1.</source>
        <translation>待执行：%1。</translation>
    </message>
    <message>
        <source>Looking at what is there…</source>
        <translation>正在查看现状…</translation>
    </message>
    <message>
        <source>There is nothing left to take away.</source>
        <translation>没有可拆除的内容了。</translation>
    </message>
    <message>
        <source>This takes the sample, the gateways, the memberships and the meshes of %1 away again. The clusters stay.</source>
        <translation>这将拆除 %1 的示例应用、网关、成员关系和网格。集群会保留。</translation>
    </message>
    <message>
        <source>&amp;Take it away</source>
        <translation>拆除(&amp;T)</translation>
    </message>
    <message>
        <source>Nothing is to do</source>
        <translation>无需操作</translation>
    </message>
    <message>
        <source>The fleet is as you want it. Go on to verify it.</source>
        <translation>舰队已符合您的要求。请继续进行验证。</translation>
    </message>
    <message>
        <source>There is no plan</source>
        <translation>没有计划</translation>
    </message>
    <message>
        <source>See above what is in the way.</source>
        <translation>请查看上方的阻碍因素。</translation>
    </message>
    <message>
        <source>apply the plan</source>
        <translation>执行计划</translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Undo…</source>
        <translation>撤销(&amp;U)…</translation>
    </message>
    <message>
        <source>Take all a&amp;way…</source>
        <translation>全部拆除(&amp;W)…</translation>
    </message>
    <message>
        <source>Plans how the whole fleet is taken away again, whoever set it up</source>
        <translation>制定拆除整个舰队的计划，无论由谁搭建</translation>
    </message>
    <message>
        <source>Paused: what runs goes on, nothing new begins</source>
        <translation>已暂停：正在运行的会继续，不再开始新的步骤</translation>
    </message>
    <message>
        <source>Continued</source>
        <translation>已继续</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>   %1: %2</source>
        <translation>   %1：%2</translation>
    </message>
    <message>
        <source>? %1: %2</source>
        <translation>? %1：%2</translation>
    </message>
    <message>
        <source>– %1: %2</source>
        <translation>– %1：%2</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>继续(&amp;C)</translation>
    </message>
    <message>
        <source>Nothing new begins; what runs goes on</source>
        <translation>不再开始新的步骤；正在运行的会继续</translation>
    </message>
    <message>
        <source>Nothing was applied yet.</source>
        <translation>尚未执行过任何计划。</translation>
    </message>
    <message>
        <source>Shows what the last apply did, and takes it back in reverse</source>
        <translation>显示上次执行所做的改动，并按相反顺序将其撤回</translation>
    </message>
    <message>
        <source>Stopping: what was sent is still looked at.</source>
        <translation>正在停止：仍会查看已发送内容的结果。</translation>
    </message>
    <message>
        <source>Paused. %1</source>
        <translation>已暂停。%1</translation>
    </message>
    <message>
        <source>An apply was begun and did not come to its end. Resume makes only the steps that are missing; Undo takes back what was done.</source>
        <translation>有一次执行已开始但没有完成。“继续”只执行缺少的步骤；“撤销”撤回已做的改动。</translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation>重试(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Show in Activity</source>
        <translation>在“活动”中显示(&amp;S)</translation>
    </message>
    <message>
        <source>What was applied was taken back.</source>
        <translation>已执行的改动已撤回。</translation>
    </message>
    <message>
        <source>take %1 away</source>
        <translation>拆除 %1</translation>
    </message>
    <message>
        <source>Take all away</source>
        <translation>全部拆除</translation>
    </message>
    <message>
        <source>Take away %1</source>
        <translation>拆除 %1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::BrokenBar</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>STOP AND RESTORE</source>
        <translation>停止并恢复</translation>
    </message>
    <message>
        <source>Show the drill</source>
        <translation>显示演练</translation>
    </message>
    <message>
        <source>Ends the drill now and puts everything back (Esc twice)</source>
        <translation>立即结束演练并恢复所有改动（按两次 Esc）</translation>
    </message>
    <message>
        <source>Esc again to STOP AND RESTORE</source>
        <translation>再按一次 Esc 以停止并恢复</translation>
    </message>
    <message>
        <source>Broken on purpose</source>
        <translation>人为故障中</translation>
    </message>
    <message>
        <source>A drill runs</source>
        <translation>演练正在运行</translation>
    </message>
    <message>
        <source>put back in %1</source>
        <translation>%1后恢复</translation>
    </message>
    <message>
        <source>Putting everything back…</source>
        <translation>正在恢复所有改动…</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ClustersPage</name>
    <message>
        <source>Clusters</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Found in the environment. Pick those that are to back each other up; each is checked as you look.</source>
        <translation>以下集群来自当前环境。请选择要互为容灾的集群；查看时会逐一检查。</translation>
    </message>
    <message>
        <source>Clusters of the environment</source>
        <translation>环境中的集群</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>API server</source>
        <translation>API Server</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>地域</translation>
    </message>
    <message>
        <source>VPC</source>
        <translation>VPC</translation>
    </message>
    <message>
        <source>Pod addresses</source>
        <translation>Pod 地址</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查项</translation>
    </message>
    <message>
        <source>What was seen</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Check a&amp;gain</source>
        <translation>重新检查(&amp;G)</translation>
    </message>
    <message>
        <source>Pick at least one cluster.</source>
        <translation>请至少选择一个集群。</translation>
    </message>
    <message>
        <source>kubeconfig cannot be used</source>
        <translation>kubeconfig 无法使用</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>有应答</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>not seen yet</source>
        <translation>尚未看到</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 — %2</source>
        <translation>%1 — %2</translation>
    </message>
    <message>
        <source>Clusters without a &amp;mesh</source>
        <translation>没有网格的集群(&amp;M)</translation>
    </message>
    <message>
        <source>No mesh is made and no sidecar injected. Each cluster gets the sample application, and requests stay in their cluster.</source>
        <translation>不创建网格，也不注入 Sidecar。每个集群都会部署示例应用，请求留在各自的集群内。</translation>
    </message>
    <message>
        <source>No mesh, no gateways: each cluster gets the sample, and requests stay inside it. For clusters whose mesh somebody else makes, or before there is one.</source>
        <translation>没有网格，也没有网关：每个集群都会部署示例应用，请求留在集群内。适用于由他人创建网格的集群，或尚未创建网格的情形。</translation>
    </message>
    <message>
        <source>&amp;Adopt what is there</source>
        <translation>采用现状(&amp;A)</translation>
    </message>
    <message>
        <source>Takes the meshes, members, networks and workloads that are there for the choices of the setup. Nothing is changed.</source>
        <translation>将现有的网格、成员、网络和工作负载作为搭建的选择。不作任何更改。</translation>
    </message>
    <message>
        <source>The choices say what is there: a plan of them is empty.</source>
        <translation>各项选择与现状一致：其计划为空。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::CommandBox</name>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>What do you want to do, or find?</source>
        <translation>想做什么，或查找什么？</translation>
    </message>
    <message>
        <source>Search actions and objects</source>
        <translation>搜索操作和对象</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>匹配项</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>%1 of %2: %3</source>
        <translation>第 %1 项，共 %2 项：%3</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::CompareDialog</name>
    <message>
        <source>Two runs compared</source>
        <translation>两次验证的比较</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>another source</source>
        <translation>来源不同</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>another URL</source>
        <translation>URL 不同</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>no version</source>
        <translation>无版本</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 个百分点</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::CompareGrid</name>
    <message>
        <source>Earlier</source>
        <translation>较早</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>较晚</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ConnectionTest</name>
    <message>
        <source>reach the API server</source>
        <translation>访问 API Server</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>正在查询…</translation>
    </message>
    <message>
        <source>%1 as %2</source>
        <translation>%1，身份：%2</translation>
    </message>
    <message>
        <source>could not be asked: %1</source>
        <translation>无法查询：%1</translation>
    </message>
    <message>
        <source>denied: %1</source>
        <translation>被拒绝：%1</translation>
    </message>
    <message>
        <source>%1; %2</source>
        <translation>%1；%2</translation>
    </message>
    <message>
        <source>Ask whoever administers the cluster for this right, or use another identity.</source>
        <translation>请向集群管理员申请此权限，或使用其他身份。</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>asking, %1 of %2</source>
        <translation>正在查询，%1 / %2</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>未测试</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>%1 of %2 not answered</source>
        <translation>%2 项中 %1 项没有应答</translation>
    </message>
    <message>
        <source>%1 of %2 denied</source>
        <translation>%2 项中 %1 项被拒绝</translation>
    </message>
    <message>
        <source>%1, all allowed</source>
        <translation>%1，全部允许</translation>
    </message>
    <message>
        <source>open</source>
        <translation>待定</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>被拒绝</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ContextDetail</name>
    <message>
        <source>Nothing is wrong with it.</source>
        <translation>没有发现问题。</translation>
    </message>
    <message>
        <source>Not tested yet. The test asks for the server&apos;s version and whether this identity may do what Catamaran needs; it changes nothing.</source>
        <translation>尚未测试。测试会查询服务器版本，以及此身份是否具有 Catamaran 所需的权限；不会做任何改动。</translation>
    </message>
    <message>
        <source>&amp;Test connection</source>
        <translation>测试连接(&amp;T)</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>取消(&amp;N)</translation>
    </message>
    <message>
        <source>A role that gives what is denied, for whoever administers the cluster:</source>
        <translation>可授予被拒绝权限的角色，供集群管理员使用：</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>地域</translation>
    </message>
    <message>
        <source>Progress of the test</source>
        <translation>测试进度</translation>
    </message>
    <message>
        <source>What the test found</source>
        <translation>测试结果</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>存在的问题</translation>
    </message>
    <message>
        <source>Role to grant</source>
        <translation>要授予的角色</translation>
    </message>
    <message>
        <source>Resolves to</source>
        <translation>解析结果</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Choose a context to see what it resolves to.</source>
        <translation>请选择一个上下文，以查看其解析结果。</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>%1
in %2</source>
        <translation>%1
位于 %2</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>%1 (current)</source>
        <translation>%1（当前）</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>plain http: neither encrypted nor with credentials</source>
        <translation>明文 http：既不加密，也不带凭证</translation>
    </message>
    <message>
        <source>not verified: anybody between can read the credentials</source>
        <translation>未验证：中间的任何人都能读取凭证</translation>
    </message>
    <message>
        <source>Trusts</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Identity</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Acting as</source>
        <translation>模拟身份</translation>
    </message>
    <message>
        <source>Certificate until</source>
        <translation>证书有效期至</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>命名空间</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>%1:</source>
        <translation>%1：</translation>
    </message>
    <message>
        <source>&amp;Test again</source>
        <translation>重新测试(&amp;T)</translation>
    </message>
    <message>
        <source>Asks for the version and the rights; changes nothing</source>
        <translation>查询版本和权限；不做任何改动</translation>
    </message>
    <message>
        <source>It cannot be used: see what is wrong</source>
        <translation>无法使用：请查看存在的问题</translation>
    </message>
    <message>
        <source>open</source>
        <translation>待定</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>may be left empty</source>
        <translation>可以留空</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ContextModel</name>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>%1 (current)</source>
        <translation>%1（当前）</translation>
    </message>
    <message>
        <source>%1 – plain http</source>
        <translation>%1 – 明文 http</translation>
    </message>
    <message>
        <source>%1 – not verified</source>
        <translation>%1 – 未验证</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>未测试</translation>
    </message>
    <message>
        <source>Defined in %1</source>
        <translation>定义于 %1</translation>
    </message>
    <message>
        <source>The cluster&apos;s name in the environment; press F2 to change it</source>
        <translation>集群在环境中的名称；按 F2 可更改</translation>
    </message>
    <message>
        <source>Not defined in any of the files</source>
        <translation>未在任何文件中定义</translation>
    </message>
    <message>
        <source>%1
Trusts: %2</source>
        <translation>%1
信任：%2</translation>
    </message>
    <message>
        <source>User %1, defined in %2
%3</source>
        <translation>用户 %1，定义于 %2
%3</translation>
    </message>
    <message>
        <source>The client certificate ends at %1</source>
        <translation>客户端证书将于 %1 到期</translation>
    </message>
    <message>
        <source>There is no client certificate</source>
        <translation>没有客户端证书</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>take %1</source>
        <translation>选用 %1</translation>
    </message>
    <message>
        <source>leave out %1</source>
        <translation>不选用 %1</translation>
    </message>
    <message>
        <source>name %1</source>
        <translation>命名为 %1</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Becomes</source>
        <translation>集群名称</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>命名空间</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ContextTable</name>
    <message>
        <source>Contexts of the kubeconfig files</source>
        <translation>kubeconfig 文件的上下文</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DirectionLog</name>
    <message>
        <source>When directions broke and were mended</source>
        <translation>方向何时中断与修复</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>broke</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>proven again</source>
        <translation>再次得到证明</translation>
    </message>
    <message>
        <source>Nothing was seen to break</source>
        <translation>未观察到中断</translation>
    </message>
    <message>
        <source>When a direction breaks or is found failed, and when it is mended, stands here. One that has been failed since the window opened does not. Turn on Keep proving in the Matrix place, so that it is seen by itself.</source>
        <translation>此处记录某个方向何时中断或被发现失败，以及何时恢复。自窗口打开起就一直失败的方向不在其列。请在“矩阵”页面中打开“持续证明”，以便自动发现。</translation>
    </message>
    <message>
        <source>found failed</source>
        <translation>被发现失败</translation>
    </message>
    <message>
        <source>proven</source>
        <translation>已证明</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DirectionNews</name>
    <message>
        <source>%1 broke at %2 (%3)%4</source>
        <translation>%1 于 %2 中断（%3）%4</translation>
    </message>
    <message>
        <source>%1 is proven again since %2.</source>
        <translation>%1 自 %2 起再次得到证明。</translation>
    </message>
    <message>
        <source>Show the matrix</source>
        <translation>显示矩阵</translation>
    </message>
    <message>
        <source>%1 broke</source>
        <translation>%1 已中断</translation>
    </message>
    <message>
        <source>%1 is proven again</source>
        <translation>%1 再次得到证明</translation>
    </message>
    <message>
        <source>%1 was found failed at %2 (%3)%4; it was never proven here</source>
        <translation>%1 在 %2 被发现失败（%3）%4；此前在此从未得到证明</translation>
    </message>
    <message>
        <source>%1 is proven since %2.</source>
        <translation>%1 自 %2 起得到证明。</translation>
    </message>
    <message>
        <source>%1 is proven</source>
        <translation>%1 得到证明</translation>
    </message>
    <message>
        <source>%1 was found failed</source>
        <translation>%1 被发现失败</translation>
    </message>
    <message numerus="yes">
        <source>%n more in the matrix</source>
        <translation>
            <numerusform>矩阵中还有 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DirectionPanel</name>
    <message>
        <source>Rests on nothing: nobody has looked, or could.</source>
        <translation>没有任何依据：无人查看过，或无法查看。</translation>
    </message>
    <message>
        <source>Rests on what is set or said, not on a request.</source>
        <translation>依据是设置或所述内容，而非请求。</translation>
    </message>
    <message>
        <source>it needs %1</source>
        <translation>它需要%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>The chosen direction</source>
        <translation>所选方向</translation>
    </message>
    <message>
        <source>Choose a cell: what is known of that direction, and what it rests on, appears here.</source>
        <translation>请选择一个单元格：该方向的已知情况及其依据会显示在这里。</translation>
    </message>
    <message>
        <source>&amp;Prove this</source>
        <translation>证明此方向(&amp;P)</translation>
    </message>
    <message>
        <source>Sends requests from the one cluster and looks who answers</source>
        <translation>从其中一个集群发送请求，并查看由谁应答</translation>
    </message>
    <message>
        <source>&amp;Prove this too</source>
        <translation>也证明此方向(&amp;P)</translation>
    </message>
    <message>
        <source>A pod of %1 last answered %2.</source>
        <translation>%1 的 Pod 最近一次应答：%2。</translation>
    </message>
    <message>
        <source>No answer of %1 has been seen.</source>
        <translation>尚未见到 %1 的应答。</translation>
    </message>
    <message>
        <source>Wh&amp;y?</source>
        <translation>为什么？(&amp;Y)</translation>
    </message>
    <message>
        <source>Follows one request hop by hop: what rules it, and where it stops</source>
        <translation>逐跳跟踪一个请求：它受什么约束，停在哪里</translation>
    </message>
    <message>
        <source>Rests on what was asked there.</source>
        <translation>依据实地询问的结果。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DriftDialog</name>
    <message>
        <source>✗ must match</source>
        <translation>✗ 必须一致</translation>
    </message>
    <message>
        <source>may differ</source>
        <translation>可以不同</translation>
    </message>
    <message>
        <source>the cluster&apos;s own</source>
        <translation>集群自有</translation>
    </message>
    <message>
        <source>The choices, or the manifest, say what it is to be.</source>
        <translation>选择或清单规定了它应有的值。</translation>
    </message>
    <message>
        <source>The choices leave it open: an autoscaler or an operator may set it.</source>
        <translation>各项选择未作规定：自动伸缩器或运维人员可以设置它。</translation>
    </message>
    <message>
        <source>The choices say nothing of it; somebody else has set it.</source>
        <translation>选择中没有涉及它；它由他人设置。</translation>
    </message>
    <message>
        <source>Show what the clusters &amp;set themselves</source>
        <translation>显示集群自行设置的内容(&amp;S)</translation>
    </message>
    <message>
        <source>Drift of %1</source>
        <translation>%1 的漂移</translation>
    </message>
    <message>
        <source>What differs, field by field</source>
        <translation>逐个字段列出差异</translation>
    </message>
    <message>
        <source>Meant as</source>
        <translation>意图</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Wanted</source>
        <translation>期望</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>Set by</source>
        <translation>设置者</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>重新查看(&amp;L)</translation>
    </message>
    <message>
        <source>C&amp;orrect…</source>
        <translation>更正(&amp;O)…</translation>
    </message>
    <message>
        <source>Plans how the fleet becomes what the choices say, fields that others have set included</source>
        <translation>计划如何使舰队与各项选择一致，包括他人已设置的字段</translation>
    </message>
    <message>
        <source>&amp;Adopt…</source>
        <translation>采用(&amp;A)…</translation>
    </message>
    <message>
        <source>Takes what is there for the choices; nothing is changed in the clusters</source>
        <translation>将现状作为各项选择；不更改集群中的任何内容</translation>
    </message>
    <message>
        <source>What is there is compared with the choices: what is missing by the facts, and each field by the servers&apos; own judgement (a dry run of applying the manifests). Looking changes nothing.</source>
        <translation>将现状与选择比较：缺少什么依据事实判断，各字段由服务器自行判断（以试运行方式应用清单）。查看不会更改任何内容。</translation>
    </message>
    <message>
        <source>Stopped. What is left can be corrected at any time.</source>
        <translation>已停止。剩余部分可随时更正。</translation>
    </message>
    <message>
        <source>Corrected; the Activity place can take it back.</source>
        <translation>已更正；可在“活动”页面中撤回。</translation>
    </message>
    <message>
        <source>Not known: %1</source>
        <translation>未知：%1</translation>
    </message>
    <message>
        <source>Not applied by Catamaran: %1</source>
        <translation>不是由 Catamaran 应用：%1</translation>
    </message>
    <message>
        <source>✗ missing</source>
        <translation>✗ 缺失</translation>
    </message>
    <message>
        <source>Correcting…</source>
        <translation>正在更正…</translation>
    </message>
    <message>
        <source>Looking at the fleet…</source>
        <translation>正在查看舰队…</translation>
    </message>
    <message>
        <source>Nothing is known.</source>
        <translation>一切未知。</translation>
    </message>
    <message>
        <source>The fleet is not known to be what the choices say.</source>
        <translation>不确定舰队是否与选择一致。</translation>
    </message>
    <message>
        <source>The fleet is what the choices say.</source>
        <translation>舰队与选择一致。</translation>
    </message>
    <message>
        <source>The fleet is not what the choices say.</source>
        <translation>舰队与选择不一致。</translation>
    </message>
    <message>
        <source>Not before everything could be looked at</source>
        <translation>须先能查看全部内容</translation>
    </message>
    <message>
        <source>Correct %1</source>
        <translation>更正 %1</translation>
    </message>
    <message>
        <source>This makes %1 what the choices say again. Fields that others have set are taken over; undoing it gives them back.</source>
        <translation>这会使 %1 重新与选择一致。他人设置的字段会被接管；撤销时会归还。</translation>
    </message>
    <message>
        <source>&amp;Correct it</source>
        <translation>更正(&amp;C)</translation>
    </message>
    <message>
        <source>Adopt what is there</source>
        <translation>采用现状</translation>
    </message>
    <message>
        <source>Fleet document of what is there</source>
        <translation>描述现状的舰队文档</translation>
    </message>
    <message>
        <source>&amp;Adopt it</source>
        <translation>采用(&amp;A)</translation>
    </message>
    <message>
        <source>The choices of the setup become this. A plan of them is empty; nothing is changed in the clusters.</source>
        <translation>搭建中的选择将变为以下内容。其计划为空；不更改集群中的任何内容。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillHistoryModel</name>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>yes, read back</source>
        <translation>是，已回读</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Drill</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复时间</translation>
    </message>
    <message>
        <source>Failed requests</source>
        <translation>失败的请求</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>held</source>
        <translation>成立</translation>
    </message>
    <message>
        <source>did not hold</source>
        <translation>不成立</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>已中止</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillHistoryPanel</name>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>Nothing was rehearsed here yet. Each drill ends with a verdict and a recovery time taken from single requests.</source>
        <translation>这里还没有进行过演练。每次演练都会给出结论，以及根据单个请求测得的恢复时间。</translation>
    </message>
    <message>
        <source>Open the res&amp;ult</source>
        <translation>打开结果(&amp;U)</translation>
    </message>
    <message>
        <source>Com&amp;pare two</source>
        <translation>比较两次(&amp;P)</translation>
    </message>
    <message>
        <source>Drills that were run</source>
        <translation>已运行的演练</translation>
    </message>
    <message>
        <source>Choose two runs (Ctrl+click or Shift+arrows) to see them side by side</source>
        <translation>选择两次验证（Ctrl+点击或 Shift+方向键）以并排查看</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>%1, from %2</source>
        <translation>%1，来自 %2</translation>
    </message>
    <message>
        <source>Two drills compared</source>
        <translation>两次演练对比</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Drill</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillLibrary</name>
    <message>
        <source>Drills</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Check a&amp;gain</source>
        <translation>重新检查(&amp;G)</translation>
    </message>
    <message>
        <source>Look again which drills this environment allows now</source>
        <translation>重新查看此环境目前允许哪些演练</translation>
    </message>
    <message>
        <source>&amp;Open a drill file…</source>
        <translation>打开演练文件(&amp;O)…</translation>
    </message>
    <message>
        <source>A drill breaks one thing on purpose while requests go on, measures how long it takes until every answer is good again, and puts everything back.</source>
        <translation>演练会在请求持续发送的同时人为制造一个故障，测量多久之后全部应答恢复正常，然后恢复所有改动。</translation>
    </message>
    <message>
        <source>Breaks</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Should hold</source>
        <translation>应当成立</translation>
    </message>
    <message>
        <source>Undone by</source>
        <translation>恢复方式</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>Prepare…</source>
        <translation>准备…</translation>
    </message>
    <message>
        <source>Prepare the drill %1</source>
        <translation>准备演练 %1</translation>
    </message>
    <message>
        <source>can run here</source>
        <translation>可以在此运行</translation>
    </message>
    <message>
        <source>cannot run here now</source>
        <translation>目前无法在此运行</translation>
    </message>
    <message>
        <source>From a &amp;template…</source>
        <translation>从模板(&amp;T)…</translation>
    </message>
    <message>
        <source>Aim a drill at your own workloads, gateways and control planes</source>
        <translation>对您自己的工作负载、网关和控制面进行演练</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillRunner</name>
    <message>
        <source>Drill: %1</source>
        <translation>演练：%1</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Steady</source>
        <translation>稳态</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Observing</source>
        <translation>观察</translation>
    </message>
    <message>
        <source>Restoring</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Proving</source>
        <translation>证明</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillTimeline</name>
    <message>
        <source>Phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复时间</translation>
    </message>
    <message>
        <source>Timeline of the drill</source>
        <translation>演练时间线</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>故障中</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>until every answer was good: %1</source>
        <translation>全部应答恢复正常用时：%1</translation>
    </message>
    <message>
        <source>%1: %2, from second %3 to second %4</source>
        <translation>%1：%2，从第 %3 秒到第 %4 秒</translation>
    </message>
    <message>
        <source>What happens when appears here while the drill runs.</source>
        <translation>演练运行时，这里会显示各个事件及其发生时间。</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillTrend</name>
    <message>
        <source>never</source>
        <translation>未恢复</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测得</translation>
    </message>
    <message>
        <source>Recovery, run by run</source>
        <translation>历次恢复用时</translation>
    </message>
    <message>
        <source>%1: %2, good again after: %3</source>
        <translation>%1：%2，恢复正常用时：%3</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillView</name>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>&amp;Start the drill</source>
        <translation>开始演练(&amp;S)</translation>
    </message>
    <message>
        <source>STOP AND RESTORE</source>
        <translation>停止并恢复</translation>
    </message>
    <message>
        <source>All &amp;drills</source>
        <translation>所有演练(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Export the report…</source>
        <translation>导出报告(&amp;E)…</translation>
    </message>
    <message>
        <source>Ends the drill now and puts everything back (Esc twice)</source>
        <translation>立即结束演练并恢复所有改动（按两次 Esc）</translation>
    </message>
    <message>
        <source>elapsed</source>
        <translation>已用时</translation>
    </message>
    <message>
        <source>failed requests</source>
        <translation>失败的请求</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>恢复时间</translation>
    </message>
    <message>
        <source>Stopping: everything is put back and read back first.</source>
        <translation>正在停止：先恢复所有改动并回读确认。</translation>
    </message>
    <message>
        <source>Type “%1”</source>
        <translation>请输入“%1”</translation>
    </message>
    <message>
        <source>Type the environment&apos;s name, %1, to allow the drill in production</source>
        <translation>请输入环境名称 %1，以允许在生产环境中进行演练</translation>
    </message>
    <message>
        <source>Breaks</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Undone by</source>
        <translation>恢复方式</translation>
    </message>
    <message>
        <source>Asks</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1 from %2, %3 times a second</source>
        <translation>从 %2 请求 %1，每秒 %3 次</translation>
    </message>
    <message>
        <source>Goal</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>every answer good again within %1</source>
        <translation>%1内全部应答恢复正常</translation>
    </message>
    <message>
        <source>nothing was broken</source>
        <translation>未制造故障</translation>
    </message>
    <message>
        <source>Detected after</source>
        <translation>察觉用时</translation>
    </message>
    <message>
        <source>nothing to see: no request failed and nobody else answered</source>
        <translation>没有可察觉的现象：没有请求失败，应答方也没有变化</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复时间</translation>
    </message>
    <message>
        <source>never while it was broken</source>
        <translation>故障期间从未恢复</translation>
    </message>
    <message>
        <source>no request failed</source>
        <translation>没有请求失败</translation>
    </message>
    <message>
        <source>within %1</source>
        <translation>%1以内</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1 sent, %2 failed</source>
        <translation>发送 %1 个，失败 %2 个</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>nothing had to be</source>
        <translation>无需恢复</translation>
    </message>
    <message>
        <source>NO</source>
        <translation>否</translation>
    </message>
    <message>
        <source>The drill ended before it broke anything.</source>
        <translation>演练在制造故障之前就结束了。</translation>
    </message>
    <message>
        <source>Everything that was broken was put back and read back.</source>
        <translation>所有故障都已恢复并经回读确认。</translation>
    </message>
    <message>
        <source>never</source>
        <translation>未恢复</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>not started</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>Esc again to STOP AND RESTORE</source>
        <translation>再按一次 Esc 以停止并恢复</translation>
    </message>
    <message>
        <source>It was long: of its first %1 requests only the figures and the failures are kept.</source>
        <translation>演练时间较长：最初的 %1 个请求只保留统计数据和失败的请求。</translation>
    </message>
    <message>
        <source>Not everything is back. Use “Restore now” at the top of the window, or: %1</source>
        <translation>并非一切都已恢复。请使用窗口顶部的“立即恢复”，或运行：%1</translation>
    </message>
    <message>
        <source>not measured: it was stopped</source>
        <translation>未测得：演练被中止</translation>
    </message>
    <message>
        <source>What will be restored is written down before anything is broken: when this program is killed, its next start offers to put it back.</source>
        <translation>要恢复的内容会在制造故障之前记下：如果本程序被强行终止，下次启动时会提出将其恢复。</translation>
    </message>
    <message>
        <source>Stops itself when</source>
        <translation>何时自动停止</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::DrillsPlace</name>
    <message>
        <source>Nothing to rehearse yet</source>
        <translation>还没有可演练的内容</translation>
    </message>
    <message>
        <source>Here you break one thing of a running fleet on purpose and measure how long it takes until every answer is good again. Open an environment or the practice range first.</source>
        <translation>在这里人为破坏运行中舰队的一处，并测量多久之后全部应答恢复正常。请先打开一个环境或练习场。</translation>
    </message>
    <message>
        <source>Set up a fleet</source>
        <translation>搭建舰队</translation>
    </message>
    <message>
        <source>Prepare the drill “%1”</source>
        <translation>准备演练“%1”</translation>
    </message>
    <message>
        <source>Open a drill</source>
        <translation>打开演练</translation>
    </message>
    <message>
        <source>Drill documents (*.yaml *.yml)</source>
        <translation>演练文档 (*.yaml *.yml)</translation>
    </message>
    <message>
        <source>Export the report</source>
        <translation>导出报告</translation>
    </message>
    <message>
        <source>write the report</source>
        <translation>写入报告</translation>
    </message>
    <message>
        <source>Drills</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>start the drill</source>
        <translation>开始演练</translation>
    </message>
    <message>
        <source>Web page (*.html)</source>
        <translation>网页 (*.html)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Run it all the same?</source>
        <translation>仍要运行吗？</translation>
    </message>
    <message>
        <source>&amp;Run it unproven</source>
        <translation>未经证明仍运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Do not run it</source>
        <translation>不运行(&amp;D)</translation>
    </message>
    <message>
        <source>If nobody takes over, requests fail until the drill puts everything back.</source>
        <translation>如果没有其他集群接管，请求会一直失败，直到演练恢复所有改动。</translation>
    </message>
    <message>
        <source>JUnit (*.xml)</source>
        <translation>JUnit (*.xml)</translation>
    </message>
    <message>
        <source>Report for print (*.pdf)</source>
        <translation>打印用报告 (*.pdf)</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::EnvironmentBar</name>
    <message>
        <source>&amp;Production</source>
        <translation>生产环境(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Save and open</source>
        <translation>保存并打开(&amp;S)</translation>
    </message>
    <message>
        <source>Environment name</source>
        <translation>环境名称</translation>
    </message>
    <message>
        <source>Drills then ask for the environment&apos;s name, and the window is marked red</source>
        <translation>此时演练会要求输入环境名称，窗口以红色标记</translation>
    </message>
    <message>
        <source>All wa&amp;ys</source>
        <translation>所有方式(&amp;Y)</translation>
    </message>
    <message>
        <source>En&amp;vironment</source>
        <translation>环境(&amp;V)</translation>
    </message>
    <message>
        <source>Give the environment a name.</source>
        <translation>请为环境命名。</translation>
    </message>
    <message>
        <source>Tick the contexts that shall become clusters.</source>
        <translation>请勾选要作为集群的上下文。</translation>
    </message>
    <message>
        <source>&amp;Replace and open</source>
        <translation>替换并打开(&amp;R)</translation>
    </message>
    <message>
        <source>Nothing is kept yet.</source>
        <translation>尚未保存任何内容。</translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s) replace what is kept in %1.</source>
        <translation>
            <numerusform>%n 个集群将替换 %1 中保存的内容。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s) will be kept in %1.</source>
        <translation>
            <numerusform>%n 个集群将保存在 %1 中。</numerusform>
        </translation>
    </message>
    <message>
        <source>Where the meshes are made</source>
        <translation>网格在哪里创建</translation>
    </message>
    <message>
        <source>as they are</source>
        <translation>维持现状</translation>
    </message>
    <message>
        <source>What runs in the clusters is found; no mesh is made</source>
        <translation>只查找集群中正在运行的内容；不创建网格</translation>
    </message>
    <message>
        <source>It needs %1</source>
        <translation>需要：%1</translation>
    </message>
    <message>
        <source>&amp;Meshes</source>
        <translation>网格(&amp;M)</translation>
    </message>
    <message>
        <source>Cluster of the Lease</source>
        <translation>Lease 所在集群</translation>
    </message>
    <message>
        <source>A Lease called catamaran keeps consoles on other machines from changing the same fleet at the same time. It takes the rights to get, create, patch and delete leases in one namespace.</source>
        <translation>名为 catamaran 的 Lease 可防止其他机器上的控制台同时更改同一舰队。它需要在一个命名空间中对 leases 的 get、create、patch 和 delete 权限。</translation>
    </message>
    <message>
        <source>Namespace of the Lease</source>
        <translation>Lease 的命名空间</translation>
    </message>
    <message>
        <source>a namespace that is there</source>
        <translation>一个已存在的命名空间</translation>
    </message>
    <message>
        <source>&amp;Other machines see this one by a Lease in</source>
        <translation>其他机器通过此处的 Lease 看到本机(&amp;O)</translation>
    </message>
    <message>
        <source>no cluster</source>
        <translation>没有集群</translation>
    </message>
    <message>
        <source>Name the namespace of the Lease.</source>
        <translation>请指定 Lease 的命名空间。</translation>
    </message>
    <message>
        <source>“%1” is no name of a namespace.</source>
        <translation>“%1”不是命名空间名称。</translation>
    </message>
    <message>
        <source>The Lease is to be in %1, which is not ticked.</source>
        <translation>Lease 应位于 %1，而它未被勾选。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::EnvironmentPage</name>
    <message>
        <source>Environment and credentials</source>
        <translation>环境与凭证</translation>
    </message>
    <message>
        <source>Where to work. Nothing is changed there until you have seen the plan and started it.</source>
        <translation>选择工作环境。在您看过计划并开始执行之前，不会做任何改动。</translation>
    </message>
    <message>
        <source>Open now</source>
        <translation>当前环境</translation>
    </message>
    <message>
        <source>Open the practice &amp;range</source>
        <translation>打开练习场(&amp;R)</translation>
    </message>
    <message>
        <source>Open an environment file</source>
        <translation>打开环境文件</translation>
    </message>
    <message>
        <source>Environment file</source>
        <translation>环境文件</translation>
    </message>
    <message>
        <source>/path/to/env.yaml</source>
        <translation>/path/to/env.yaml</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>Open an environment first.</source>
        <translation>请先打开一个环境。</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Open a fresh practice &amp;range</source>
        <translation>打开全新的练习场(&amp;R)</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>%1 (PRODUCTION)</source>
        <translation>%1（生产环境）</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1，位于 %2</translation>
    </message>
    <message>
        <source>does not answer at %1</source>
        <translation>%1 处没有应答</translation>
    </message>
    <message>
        <source>asking %1</source>
        <translation>正在询问 %1</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Environment files (*.yaml *.yml);;All files (*)</source>
        <translation>环境文件 (*.yaml *.yml);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Kept on this machine</source>
        <translation>保存在本机</translation>
    </message>
    <message>
        <source>Choose k&amp;ubeconfigs…</source>
        <translation>选择 kubeconfig(&amp;U)…</translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n 个集群</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>%1 is not kept any more. Clusters, kubeconfigs and the keyring are untouched.</source>
        <translation>不再保存 %1。集群、kubeconfig 和密钥环均未改动。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>A YAML file of kind Environment: kubeconfigs, and accounts where meshes need one. It names where secrets are, never the secrets themselves.</source>
        <translation>类型为 Environment 的 YAML 文件：包含 kubeconfig，以及网格所需的账号。它只说明机密信息在哪里，从不包含机密信息本身。</translation>
    </message>
    <message>
        <source>Where are the meshes made?</source>
        <translation>网格在哪里创建？</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Practice range</source>
        <translation>练习场</translation>
    </message>
    <message>
        <source>It needs nothing: two clusters and their meshes on this machine, with real sockets, real TLS and real failures, gone when the console ends.</source>
        <translation>什么都不需要：两个集群及其网格都在本机上，使用真实的套接字、真实的 TLS 和真实的故障，控制台退出后即消失。</translation>
    </message>
    <message>
        <source>It needs %1.</source>
        <translation>需要：%1。</translation>
    </message>
    <message>
        <source>Connect an account…</source>
        <translation>连接账号…</translation>
    </message>
    <message>
        <source>Choose kubeconfigs…</source>
        <translation>选择 kubeconfig…</translation>
    </message>
    <message>
        <source>Connect an account for %1</source>
        <translation>为 %1 连接账号</translation>
    </message>
    <message>
        <source>Choose kubeconfigs for %1</source>
        <translation>为 %1 选择 kubeconfig</translation>
    </message>
    <message>
        <source>Nowhere</source>
        <translation>不创建网格</translation>
    </message>
    <message>
        <source>It needs kubeconfigs alone. The clusters are taken as they are: meshes that run in them are found; without one they are watched, verified and rehearsed all the same.</source>
        <translation>只需要 kubeconfig。集群按现状使用：运行在其中的网格会被找到；没有网格也同样可以监视、验证和演练。</translation>
    </message>
    <message>
        <source>Meshes</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>%1; no account</source>
        <translation>%1；无账号</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ErrorBanner</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Could not %1</source>
        <translation>无法%1</translation>
    </message>
    <message>
        <source>Could not %1 on %2</source>
        <translation>无法%1（%2）</translation>
    </message>
    <message>
        <source> (request %1)</source>
        <translation>（请求 %1）</translation>
    </message>
    <message>
        <source>Request %1</source>
        <translation>请求 %1</translation>
    </message>
    <message>
        <source>Error: %1</source>
        <translation>错误：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ExecutionDialog</name>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Steps done</source>
        <translation>已完成的步骤</translation>
    </message>
    <message>
        <source>Goes on with “%1”: what was sent is looked at first, what is done stays, and the rest follows.</source>
        <translation>继续“%1”：先查看已发送内容的结果，已完成的保留，然后执行其余步骤。</translation>
    </message>
    <message>
        <source>&amp;Take it back</source>
        <translation>撤回(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>继续(&amp;G)</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Go on: %1</source>
        <translation>继续：%1</translation>
    </message>
    <message>
        <source>All steps are done.</source>
        <translation>所有步骤均已完成。</translation>
    </message>
    <message>
        <source>Taken back, but for what cannot be.</source>
        <translation>已撤回，无法撤回的除外。</translation>
    </message>
    <message>
        <source>Everything was taken back.</source>
        <translation>已全部撤回。</translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation>重试(&amp;R)</translation>
    </message>
    <message>
        <source>failed: %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>without an answer: %1</source>
        <translation>没有应答：%1</translation>
    </message>
    <message>
        <source>not begun: %1</source>
        <translation>未开始：%1</translation>
    </message>
    <message>
        <source>Not everything was taken back (%1). The step says why; it can be given up.</source>
        <translation>并非一切都已撤回（%1）。步骤中说明了原因；可以将其放弃。</translation>
    </message>
    <message>
        <source>Not everything was done (%1). The step says why.</source>
        <translation>并非一切都已完成（%1）。步骤中说明了原因。</translation>
    </message>
    <message>
        <source>Stopped. What is left can be done at any time.</source>
        <translation>已停止。剩余的内容可以随时进行。</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>重试(&amp;A)</translation>
    </message>
    <message>
        <source>Stopping: what was sent is still looked at.</source>
        <translation>正在停止：仍会查看已发送内容的结果。</translation>
    </message>
    <message>
        <source>%1, %2. Nothing has happened yet.</source>
        <translation>%1，%2。尚未做任何改动。</translation>
    </message>
    <message>
        <source>%1 of %2 done</source>
        <translation>已完成 %1 / %2</translation>
    </message>
    <message>
        <source>given up: %1</source>
        <translation>已放弃：%1</translation>
    </message>
    <message>
        <source>What could not be done was given up.</source>
        <translation>无法完成的内容已放弃。</translation>
    </message>
    <message>
        <source>Takes back what “%1” did, newest first. Each step is looked at before: what is neither as it was nor as it was left stays, and is said. What it goes on from, and what went on from it, is taken back with it, and is in this list.</source>
        <translation>撤回“%1”所做的改动，最近的在前。每个步骤都会先经过查看：既不是原先状态、也不是操作后状态的内容会保留，并予以说明。它所接续的操作以及接续它的操作会一并撤回，并列在此处。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FailoverModel</name>
    <message>
        <source>Fails over</source>
        <translation>故障转移</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Clients in</source>
        <translation>客户端集群</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FailoverPanel</name>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not known, decides</source>
        <translation>不清楚，起决定作用</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>成立</translation>
    </message>
    <message>
        <source>does not hold, decides</source>
        <translation>不成立，起决定作用</translation>
    </message>
    <message>
        <source>slower</source>
        <translation>较慢</translation>
    </message>
    <message>
        <source>to change: %1</source>
        <translation>需更改：%1</translation>
    </message>
    <message>
        <source>Nothing is connected</source>
        <translation>没有任何连接</translation>
    </message>
    <message>
        <source>&amp;Mend it…</source>
        <translation>修复(&amp;M)…</translation>
    </message>
    <message>
        <source>Search the services</source>
        <translation>搜索服务</translation>
    </message>
    <message>
        <source>Search services, clusters, reasons</source>
        <translation>搜索服务、集群、原因</translation>
    </message>
    <message>
        <source>Will it fail over</source>
        <translation>能否故障转移</translation>
    </message>
    <message>
        <source>The conditions that decide</source>
        <translation>起决定作用的各项条件</translation>
    </message>
    <message>
        <source>%1, clients in %2. %3 This changes what operations can change of it; it can be taken back in the Activity.</source>
        <translation>%1，客户端位于 %2。%3 此操作会更改其中可由操作更改的部分；可在“活动”中撤回。</translation>
    </message>
    <message>
        <source>%1: every step is done. The answer changes when the facts say so.</source>
        <translation>%1：所有步骤均已完成。事实更新后，结论随之改变。</translation>
    </message>
    <message>
        <source>%1: stopped.</source>
        <translation>%1：已停止。</translation>
    </message>
    <message>
        <source>Not known of %1: the services there could not be read.</source>
        <translation>%1 的情况未知：无法读取那里的 Service。</translation>
    </message>
    <message>
        <source>Here stands of every service whether another cluster takes over for it, and what to change. Open an environment first.</source>
        <translation>这里显示每个服务能否由另一个集群接管，以及需要更改什么。请先打开一个环境。</translation>
    </message>
    <message>
        <source>Not read yet</source>
        <translation>尚未读取</translation>
    </message>
    <message>
        <source>The objects of the clusters are being read.</source>
        <translation>正在读取集群的对象。</translation>
    </message>
    <message>
        <source>No service could be read</source>
        <translation>无法读取任何服务</translation>
    </message>
    <message>
        <source>What serves in a cluster whose services are not read is not known.</source>
        <translation>如果集群的服务未被读取，就不清楚那里由什么提供服务。</translation>
    </message>
    <message>
        <source>No service of the mesh</source>
        <translation>网格中没有服务</translation>
    </message>
    <message>
        <source>No namespace with sidecars has a Service with a selector. The sample application of the setup has one.</source>
        <translation>带有 Sidecar 的命名空间中都没有带选择器的 Service。搭建时的示例应用带有一个。</translation>
    </message>
    <message>
        <source>%1 fail over as far as settings tell</source>
        <translation>从设置看 %1 个会故障转移</translation>
    </message>
    <message>
        <source>%1 do not</source>
        <translation>%1 个不会</translation>
    </message>
    <message>
        <source>of %1 it is not known</source>
        <translation>%1 个不清楚</translation>
    </message>
    <message>
        <source>%1. Whether they do is shown by a drill alone.</source>
        <translation>%1。实际能否转移，只有演练才能显示。</translation>
    </message>
    <message>
        <source>%1, clients in %2. %3</source>
        <translation>%1，客户端位于 %2。%3</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FileDialog</name>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FindingDetail</name>
    <message>
        <source>Choose a finding: what it rests on and what to do appears here.</source>
        <translation>请选择一项诊断结果：其依据和处理方法会显示在这里。</translation>
    </message>
    <message>
        <source>&amp;Documentation</source>
        <translation>文档(&amp;D)</translation>
    </message>
    <message>
        <source>The chosen finding</source>
        <translation>所选诊断结果</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>until %1 because %2</source>
        <translation>至 %1，原因：%2</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>处理方法</translation>
    </message>
    <message>
        <source>Mends it</source>
        <translation>修复方式</translation>
    </message>
    <message>
        <source>only a person can</source>
        <translation>只能由人工修复</translation>
    </message>
    <message>
        <source>operations can: Mend it… shows them</source>
        <translation>可由操作修复：“修复…”会显示这些操作</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>What holds else</source>
        <translation>正常情况</translation>
    </message>
    <message>
        <source>Why it matters</source>
        <translation>为何重要</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>First seen</source>
        <translation>首次出现</translation>
    </message>
    <message>
        <source>%1, while this console was open</source>
        <translation>%1，此控制台打开期间</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>依据</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FindingsModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>诊断结果</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>First seen</source>
        <translation>首次出现</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FindingsPanel</name>
    <message>
        <source>Nothing was found</source>
        <translation>未发现问题</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Not read yet</source>
        <translation>尚未读取</translation>
    </message>
    <message>
        <source>The objects of the clusters are being read. What the rules conclude from them appears here.</source>
        <translation>正在读取集群的对象。规则据此得出的结论会显示在这里。</translation>
    </message>
    <message>
        <source>Nothing is connected</source>
        <translation>没有任何连接</translation>
    </message>
    <message>
        <source>Findings say what is wrong with clusters and between them, what that rests on, and what to do. Open an environment first.</source>
        <translation>诊断结果说明各集群及集群之间有什么问题、有何依据，以及如何处理。请先打开一个环境。</translation>
    </message>
    <message>
        <source>Set up a fleet</source>
        <translation>搭建舰队</translation>
    </message>
    <message>
        <source>Nothing here fits the search.</source>
        <translation>没有符合搜索条件的内容。</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>诊断结果</translation>
    </message>
    <message>
        <source>The chosen finding</source>
        <translation>所选诊断结果</translation>
    </message>
    <message>
        <source>Mend it…</source>
        <translation>修复…</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>接受…</translation>
    </message>
    <message>
        <source>Do not accept any more</source>
        <translation>不再接受</translation>
    </message>
    <message>
        <source>Copy the finding</source>
        <translation>复制诊断结果</translation>
    </message>
    <message>
        <source>Export the findings…</source>
        <translation>导出诊断结果…</translation>
    </message>
    <message>
        <source>Search the findings</source>
        <translation>搜索诊断结果</translation>
    </message>
    <message>
        <source>Search findings, objects, services, evidence</source>
        <translation>搜索诊断结果、对象、服务、依据</translation>
    </message>
    <message>
        <source>Which findings</source>
        <translation>哪些诊断结果</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Warnings and old</source>
        <translation>警告和已过时</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>Not asked</source>
        <translation>未查询</translation>
    </message>
    <message>
        <source>%1 This mends it; it can be taken back in the Activity.</source>
        <translation>%1 此操作会修复它；可在“活动”中撤回。</translation>
    </message>
    <message>
        <source>%1: every step is done. The finding goes when the facts say so.</source>
        <translation>%1：所有步骤均已完成。事实更新后，该诊断结果随之消失。</translation>
    </message>
    <message>
        <source>%1: stopped. What is left can be done at any time.</source>
        <translation>%1：已停止。剩余部分可以随时执行。</translation>
    </message>
    <message>
        <source>Show in the &amp;Activity</source>
        <translation>在“活动”中显示(&amp;A)</translation>
    </message>
    <message>
        <source>Accepted until %1.</source>
        <translation>已接受，截至 %1。</translation>
    </message>
    <message>
        <source>It counts again, and so do others that the same line had accepted.</source>
        <translation>它会重新计入，由同一行接受的其他项也会重新计入。</translation>
    </message>
    <message>
        <source>It counts again.</source>
        <translation>它会重新计入。</translation>
    </message>
    <message>
        <source>%1 Kept in %2</source>
        <translation>%1 已保存到 %2</translation>
    </message>
    <message>
        <source>Export the findings</source>
        <translation>导出诊断结果</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>write the findings</source>
        <translation>写入诊断结果</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>%1. Read %2; being read again.</source>
        <translation>%1。%2读取；正在重新读取。</translation>
    </message>
    <message>
        <source>%1. Read %2.</source>
        <translation>%1。%2读取。</translation>
    </message>
    <message>
        <source>%1 rules were asked of %2 clusters, and all they needed was read %3. What no object shows is shown by requests alone: see the matrix.</source>
        <translation>已对 %2 个集群检查 %1 条规则，所需信息均已读取（%3）。对象看不出的问题只能由请求证明：请看矩阵。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FindingsPlace</name>
    <message>
        <source>F&amp;indings</source>
        <translation>诊断结果(&amp;I)</translation>
    </message>
    <message>
        <source>Will it fail &amp;over</source>
        <translation>能否故障转移(&amp;O)</translation>
    </message>
    <message>
        <source>Why this &amp;request</source>
        <translation>该请求为何如此(&amp;R)</translation>
    </message>
    <message>
        <source>Will it fail over?</source>
        <translation>能否故障转移？</translation>
    </message>
    <message>
        <source>Why this request?</source>
        <translation>该请求为何如此？</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>诊断结果</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::FirstStart</name>
    <message>
        <source>Where do you want to work?</source>
        <translation>您想在哪里工作？</translation>
    </message>
    <message>
        <source>Try it on the practice range</source>
        <translation>在练习场中试用</translation>
    </message>
    <message>
        <source>A whole fleet on this machine: two clusters, real TLS, real failures. Nothing leaves it, and it is gone when you close the window.</source>
        <translation>本机上的完整舰队：两个集群、真实的 TLS、真实的故障。一切都不会离开本机，关闭窗口后即消失。</translation>
    </message>
    <message>
        <source>Start the range</source>
        <translation>启动练习场</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Use my kubeconfigs</source>
        <translation>使用我的 kubeconfig</translation>
    </message>
    <message>
        <source>Choose files</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>Open an environment file…</source>
        <translation>打开环境文件…</translation>
    </message>
    <message>
        <source>Open an environment file</source>
        <translation>打开环境文件</translation>
    </message>
    <message>
        <source>Opening</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>Catamaran sets up a multi-primary mesh fleet, proves with requests what works, and rehearses its failures.</source>
        <translation>Catamaran 搭建多主控制面网格舰队，用请求证明哪些部分正常工作，并演练其故障。</translation>
    </message>
    <message>
        <source>Clusters that you reach already: from ~/.kube/config or any kubeconfig file, with the rights that it gives. Istio that runs in them is found.</source>
        <translation>您已经能够访问的集群：来自 ~/.kube/config 或任意 kubeconfig 文件，权限以其授予的为准。会找出其中运行的 Istio。</translation>
    </message>
    <message>
        <source>Go on with %1</source>
        <translation>继续使用 %1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::GuardGauges</name>
    <message>
        <source>Guards</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>At the limit the drill stops and everything is put back.
%1</source>
        <translation>达到上限时演练停止，并恢复全部改动。
%1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::Inspector</name>
    <message>
        <source>%1 %2: %3</source>
        <translation>%1 %2：%3</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation>未选择任何对象</translation>
    </message>
    <message>
        <source>Select an object on the map or in the tree: its facts, their evidence and the command that shows the same by hand appear here.</source>
        <translation>在拓扑图或树中选择一个对象：这里会显示它的事实、依据，以及手动查看同样内容的命令。</translation>
    </message>
    <message>
        <source>Conditions and their evidence</source>
        <translation>各项条件及其依据</translation>
    </message>
    <message>
        <source>Show as command</source>
        <translation>显示为命令</translation>
    </message>
    <message>
        <source>Related</source>
        <translation>相关对象</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>显示 %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Directions, and what is proven of them</source>
        <translation>方向及其已证明的内容</translation>
    </message>
    <message numerus="yes">
        <source>%n more in the matrix</source>
        <translation>
            <numerusform>矩阵中还有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>accepted until %1</source>
        <translation>已接受，至 %1</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>诊断结果</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Why %1 is as it is</source>
        <translation>%1 为何如此</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open the finding: %1</source>
        <translation>打开诊断结果：%1</translation>
    </message>
    <message>
        <source>Not read yet.</source>
        <translation>尚未读取。</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>无。</translation>
    </message>
    <message>
        <source>%1 more in the findings.</source>
        <translation>另有 %1 项，参见诊断结果列表。</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::InstanceModel</name>
    <message>
        <source>✗ %1</source>
        <translation>✗ %1</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>没有给出原因</translation>
    </message>
    <message>
        <source>(names no instance)</source>
        <translation>（未指明实例）</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::InterruptedBanner</name>
    <message>
        <source>“%1” was interrupted at %2 (%3).</source>
        <translation>“%1”于 %2 中断（%3）。</translation>
    </message>
    <message>
        <source>One more is in the Activity place.</source>
        <translation>“活动”页面中还有一个。</translation>
    </message>
    <message>
        <source>%1 more are in the Activity place.</source>
        <translation>“活动”页面中还有 %1 个。</translation>
    </message>
    <message>
        <source>&amp;Go on…</source>
        <translation>继续(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Undo…</source>
        <translation>撤销(&amp;U)…</translation>
    </message>
    <message>
        <source>&amp;Leave</source>
        <translation>保留(&amp;L)</translation>
    </message>
    <message>
        <source>Looking at what became of “%1”…</source>
        <translation>正在查看“%1”的结果…</translation>
    </message>
    <message>
        <source>Leave: %1</source>
        <translation>保留：%1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::KeyValueList</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>%1
Click to copy</source>
        <translation>%1
点击复制</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::KubeFileTable</name>
    <message>
        <source>Take the file out of the list</source>
        <translation>将该文件移出列表</translation>
    </message>
    <message>
        <source>Kubeconfig files</source>
        <translation>kubeconfig 文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Contexts</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>line %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
    <message>
        <source>kubectl refuses the whole list while this file is in it; here the others are read without it.</source>
        <translation>只要此文件在列表中，kubectl 就会拒绝整个列表；此处会略过它，照常读取其他文件。</translation>
    </message>
    <message>
        <source>no context of it is used</source>
        <translation>没有使用其中的上下文</translation>
    </message>
    <message>
        <source>It defines none, or earlier files define the same names.</source>
        <translation>它没有定义上下文，或前面的文件已定义同样的名称。</translation>
    </message>
    <message>
        <source>read</source>
        <translation>已读取</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::KubeconfigPage</name>
    <message>
        <source>Your own clusters</source>
        <translation>您自己的集群</translation>
    </message>
    <message>
        <source>Pick kubeconfig files. Each context shows what it resolves to, what is wrong and how to mend it. The files are only read, never changed.</source>
        <translation>请选择 kubeconfig 文件。每个上下文都会显示其解析结果、存在的问题以及如何修复。这些文件只会被读取，绝不会被改动。</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Path of a kubeconfig file</source>
        <translation>kubeconfig 文件的路径</translation>
    </message>
    <message>
        <source>Path of a kubeconfig file, or drop files here</source>
        <translation>kubeconfig 文件的路径，或将文件拖放到此处</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>No kubeconfig file yet</source>
        <translation>还没有 kubeconfig 文件</translation>
    </message>
    <message>
        <source>A kubeconfig says where clusters are and who you are there. Type its path above, drop it here, or choose it. Several files are read together, as kubectl reads them.</source>
        <translation>kubeconfig 说明集群在哪里，以及您在那里的身份。请在上方输入其路径、将其拖放到此处，或选择它。多个文件会像 kubectl 那样一并读取。</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>change %1</source>
        <translation>更改 %1</translation>
    </message>
    <message>
        <source>Contexts</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Take the chosen file out of the list (Del). The file itself stays.</source>
        <translation>将所选文件移出列表（Del）。文件本身会保留。</translation>
    </message>
    <message>
        <source>Test a&amp;ll</source>
        <translation>全部测试(&amp;L)</translation>
    </message>
    <message>
        <source>Test every context that is ticked; every one that can be used when none is</source>
        <translation>测试每个已勾选的上下文；如果都未勾选，则测试每个可用的上下文</translation>
    </message>
    <message>
        <source>&amp;Copy as text</source>
        <translation>复制为文本(&amp;C)</translation>
    </message>
    <message>
        <source>All contexts with what they resolve to, what is wrong, and the tests; no secrets</source>
        <translation>所有上下文及其解析结果、存在的问题和测试结果；不含密钥</translation>
    </message>
    <message>
        <source>Add $&amp;KUBECONFIG</source>
        <translation>添加 $KUBECONFIG(&amp;K)</translation>
    </message>
    <message>
        <source>Add ~/.&amp;kube/config</source>
        <translation>添加 ~/.kube/config(&amp;K)</translation>
    </message>
    <message>
        <source>Add this &amp;pod&apos;s own cluster</source>
        <translation>添加本 Pod 所在的集群(&amp;P)</translation>
    </message>
    <message>
        <source>What kubectl reads here: %1</source>
        <translation>kubectl 在此读取的文件：%1</translation>
    </message>
    <message>
        <source>Already in the list: %1</source>
        <translation>已在列表中：%1</translation>
    </message>
    <message numerus="yes">
        <source>add %n file(s)</source>
        <translation>
            <numerusform>添加 %n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message numerus="yes">
        <source>take out %n file(s)</source>
        <translation>
            <numerusform>移出 %n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Taken out of the list: %1. The file itself is untouched.</source>
        <translation>已移出列表：%1。文件本身未改动。</translation>
    </message>
    <message>
        <source>Add kubeconfig files</source>
        <translation>添加 kubeconfig 文件</translation>
    </message>
    <message>
        <source>Cance&amp;l the tests</source>
        <translation>取消测试(&amp;L)</translation>
    </message>
    <message numerus="yes">
        <source>%n context(s)</source>
        <translation>
            <numerusform>%n 个上下文</numerusform>
        </translation>
    </message>
    <message>
        <source>Files and contexts</source>
        <translation>文件与上下文</translation>
    </message>
    <message>
        <source>The chosen context</source>
        <translation>所选上下文</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::LatencyChart</name>
    <message>
        <source>Latency of good answers, ms</source>
        <translation>正常应答的延迟（ms）</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::LatencyHistogram</name>
    <message>
        <source>up to %1</source>
        <translation>不超过 %1</translation>
    </message>
    <message>
        <source>longer than %1</source>
        <translation>超过 %1</translation>
    </message>
    <message>
        <source>How long good answers took, from when they were due</source>
        <translation>正常应答的耗时，从应发送的时刻算起</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>No request was answered yet.</source>
        <translation>尚无请求得到应答。</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::MainWindow</name>
    <message>
        <source>Go to %1</source>
        <translation>转到%1</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>立即验证</translation>
    </message>
    <message>
        <source>Start drill</source>
        <translation>开始演练</translation>
    </message>
    <message>
        <source>Open the command palette</source>
        <translation>打开命令面板</translation>
    </message>
    <message>
        <source>Start the practice range</source>
        <translation>启动练习场</translation>
    </message>
    <message>
        <source>Open an environment file…</source>
        <translation>打开环境文件…</translation>
    </message>
    <message>
        <source>Close the environment</source>
        <translation>关闭环境</translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation>切换浅色与深色</translation>
    </message>
    <message>
        <source>Use the desktop&apos;s colours</source>
        <translation>使用桌面的配色</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>About Catamaran</source>
        <translation>关于 Catamaran</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>主工具栏</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Where you work: switch or open an environment</source>
        <translation>工作环境：切换或打开环境</translation>
    </message>
    <message>
        <source>Environments</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>PRODUCTION</source>
        <translation>生产环境</translation>
    </message>
    <message>
        <source>Search or do  Ctrl+K</source>
        <translation>搜索或执行  Ctrl+K</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Environment colour</source>
        <translation>环境颜色</translation>
    </message>
    <message>
        <source>%1 – PRODUCTION – Catamaran</source>
        <translation>%1 – 生产环境 – Catamaran</translation>
    </message>
    <message>
        <source>%1 – Catamaran</source>
        <translation>%1 – Catamaran</translation>
    </message>
    <message>
        <source>No environment</source>
        <translation>没有环境</translation>
    </message>
    <message>
        <source>Catamaran</source>
        <translation>Catamaran</translation>
    </message>
    <message>
        <source>Readiness: %1</source>
        <translation>就绪度：%1</translation>
    </message>
    <message>
        <source>Open environment %1</source>
        <translation>打开环境 %1</translation>
    </message>
    <message>
        <source>Make a new environment…</source>
        <translation>新建环境…</translation>
    </message>
    <message>
        <source>Open an environment</source>
        <translation>打开环境</translation>
    </message>
    <message>
        <source>Environment files (*.yaml *.yml);;All files (*)</source>
        <translation>环境文件 (*.yaml *.yml);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>Waiting until the keyring is unlocked</source>
        <translation>正在等待密钥环解锁</translation>
    </message>
    <message>
        <source>Stop waiting</source>
        <translation>停止等待</translation>
    </message>
    <message>
        <source>The history can only be read (%1): nothing can be set up, and no drill be run.</source>
        <translation>历史记录只能读取（%1）：无法搭建，也无法运行演练。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Stopping what runs; what a drill broke is put back before the console ends.</source>
        <translation>正在停止运行中的操作；演练造成的故障会在控制台退出前恢复。</translation>
    </message>
    <message>
        <source>Catamaran %1</source>
        <translation>Catamaran %1</translation>
    </message>
    <message>
        <source>Directions between two clusters that a request has just proven. Opens the matrix.</source>
        <translation>两个集群之间刚由请求证明的方向。打开矩阵。</translation>
    </message>
    <message>
        <source>A console for multi-primary service-mesh fleets: sets them up, proves with requests what works, rehearses their failures.

Licensed under the Apache License 2.0.</source>
        <translation>多主控制面服务网格舰队的控制台：搭建舰队，用请求证明哪些部分正常工作，并演练其故障。

依据 Apache License 2.0 许可。</translation>
    </message>
    <message>
        <source>Written: %1. Secrets were taken out; look at it before you hand it on.</source>
        <translation>已写入：%1。机密信息已去除；转交之前请先查看。</translation>
    </message>
    <message>
        <source>Save a support bundle…</source>
        <translation>保存支持包…</translation>
    </message>
    <message>
        <source>Open a support bundle…</source>
        <translation>打开支持包…</translation>
    </message>
    <message>
        <source>A fleet as it was</source>
        <translation>舰队当时的状态</translation>
    </message>
    <message>
        <source>As it was at %1, from bundle %2; nothing is asked.</source>
        <translation>%1 时的状态，来自支持包 %2；不查询任何内容。</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1 (as it was)</source>
        <translation>%1（当时状态）</translation>
    </message>
    <message>
        <source>%1 as it was – Catamaran</source>
        <translation>%1（当时状态）– Catamaran</translation>
    </message>
    <message>
        <source>Save a support bundle</source>
        <translation>保存支持包</translation>
    </message>
    <message>
        <source>Support bundle (*%1)</source>
        <translation>支持包 (*%1)</translation>
    </message>
    <message>
        <source>Open a support bundle</source>
        <translation>打开支持包</translation>
    </message>
    <message>
        <source>Support bundles (*%1);;All files (*)</source>
        <translation>支持包 (*%1);;所有文件 (*)</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>尚未读取</translation>
    </message>
    <message>
        <source>Then: %1</source>
        <translation>当时：%1</translation>
    </message>
    <message>
        <source>Something is broken on purpose</source>
        <translation>有人为制造的故障</translation>
    </message>
    <message>
        <source>The drill “%1” has broken something, and it is not back yet.</source>
        <translation>演练“%1”造成了故障，尚未恢复。</translation>
    </message>
    <message>
        <source>The window closes when all of it has been put back and read back.</source>
        <translation>全部恢复并经回读确认后，窗口将关闭。</translation>
    </message>
    <message>
        <source>Stop, restore and close</source>
        <translation>停止、恢复并关闭</translation>
    </message>
    <message>
        <source>Go on with the drill</source>
        <translation>继续演练</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>已选中</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::MatrixModel</name>
    <message>
        <source>%1 itself</source>
        <translation>%1 自身</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>从 %1</translation>
    </message>
    <message>
        <source>to %1</source>
        <translation>到 %1</translation>
    </message>
    <message>
        <source>  %1: %2</source>
        <translation>  %1：%2</translation>
    </message>
    <message>
        <source> (%1)</source>
        <translation>（%1）</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::MatrixPlace</name>
    <message>
        <source>No direction to prove yet</source>
        <translation>还没有可证明的方向</translation>
    </message>
    <message>
        <source>Here stands what requests have proven from each cluster to each other one, in four layers, and how old that is. Open an environment first.</source>
        <translation>这里分四层显示请求已证明的从每个集群到其他各集群的情况，以及证明距今多久。请先打开一个环境。</translation>
    </message>
    <message>
        <source>Set up a fleet</source>
        <translation>搭建舰队</translation>
    </message>
    <message>
        <source>Looking at the fleet</source>
        <translation>正在查看舰队</translation>
    </message>
    <message>
        <source>From each row to each column. The four marks are discovery, trust, gateway and request.</source>
        <translation>从每一行到每一列。四个标记依次为服务发现、信任、网关和请求。</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>The chosen direction</source>
        <translation>所选方向</translation>
    </message>
    <message>
        <source>Prove &amp;all</source>
        <translation>全部证明(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Keep proving</source>
        <translation>持续证明(&amp;K)</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Prove all directions</source>
        <translation>证明所有方向</translation>
    </message>
    <message>
        <source>Prove the chosen direction</source>
        <translation>证明所选方向</translation>
    </message>
    <message>
        <source>Keep proving</source>
        <translation>持续证明</translation>
    </message>
    <message>
        <source>Next direction that is not proven</source>
        <translation>下一个未证明的方向</translation>
    </message>
    <message>
        <source>Small cells</source>
        <translation>小单元格</translation>
    </message>
    <message>
        <source>Copy the direction as text</source>
        <translation>将方向复制为文本</translation>
    </message>
    <message>
        <source>Copy the direction as JSON</source>
        <translation>将方向复制为 JSON</translation>
    </message>
    <message>
        <source>Copy the matrix as text</source>
        <translation>将矩阵复制为文本</translation>
    </message>
    <message>
        <source>Copy the matrix as JSON</source>
        <translation>将矩阵复制为 JSON</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>导出为 CSV…</translation>
    </message>
    <message>
        <source>Directions appear here as soon as its clusters answer.</source>
        <translation>其集群一旦应答，方向就会显示在这里。</translation>
    </message>
    <message>
        <source>One cluster has no direction</source>
        <translation>单个集群没有方向</translation>
    </message>
    <message>
        <source>A direction leads from one cluster to another. Add a second one to the environment, and what is proven between them stands here.</source>
        <translation>方向从一个集群通往另一个集群。请在环境中添加第二个集群，它们之间已证明的内容就会显示在这里。</translation>
    </message>
    <message>
        <source>No cluster in this environment</source>
        <translation>此环境中没有集群</translation>
    </message>
    <message>
        <source>The environment names no cluster that could be read.</source>
        <translation>此环境没有指定可以读取的集群。</translation>
    </message>
    <message>
        <source>Off. When it is on, %1.</source>
        <translation>已关闭。开启后，%1。</translation>
    </message>
    <message>
        <source>Prove &amp;all (asking…)</source>
        <translation>全部证明(&amp;A)（正在查询…）</translation>
    </message>
    <message>
        <source>Keep proving in production?</source>
        <translation>要在生产环境中持续证明吗？</translation>
    </message>
    <message>
        <source>%1 is production. Requests will be sent there for as long as this is on: %2 Nothing is changed. This is asked once.</source>
        <translation>%1 是生产环境。此项打开期间会一直向那里发送请求：%2 不作任何更改。此问题只询问一次。</translation>
    </message>
    <message>
        <source>&amp;Leave it off</source>
        <translation>保持关闭(&amp;L)</translation>
    </message>
    <message>
        <source>Export the matrix</source>
        <translation>导出矩阵</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>逗号分隔值 (*.csv)</translation>
    </message>
    <message>
        <source>write the matrix</source>
        <translation>写入矩阵</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>every %1 s %2/%3 of each cluster asks %4, until every other cluster has answered</source>
        <translation>每 %1 秒由各集群的 %2/%3 请求 %4，直到其他每个集群都作出应答</translation>
    </message>
    <message>
        <source>On: %1.</source>
        <translation>已开启：%1。</translation>
    </message>
    <message>
        <source>Kept for this environment: %1</source>
        <translation>已为此环境保存：%1</translation>
    </message>
    <message>
        <source>Why the chosen direction is as it is</source>
        <translation>所选方向为何如此</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::MatrixView</name>
    <message>
        <source>Directions: rows send, columns answer</source>
        <translation>方向：行发送，列应答</translation>
    </message>
    <message>
        <source>Clusters that answer</source>
        <translation>应答的集群</translation>
    </message>
    <message>
        <source>Clusters that send</source>
        <translation>发送的集群</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::MembershipPage</name>
    <message>
        <source>Memberships</source>
        <translation>成员关系</translation>
    </message>
    <message>
        <source>Each cluster is managed by exactly one mesh, which injects and configures its sidecars. Every other mesh only discovers its services: it deploys nothing there and none of its configuration applies there.</source>
        <translation>每个集群恰由一个网格托管，由该网格注入并配置其 Sidecar。其他网格只发现它的服务：不在其中部署任何组件，其配置也不会在其中生效。</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 和 %2</translation>
    </message>
    <message>
        <source>managed</source>
        <translation>托管</translation>
    </message>
    <message>
        <source>discovery-only</source>
        <translation>仅服务发现</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Every cluster has exactly one manager.</source>
        <translation>每个集群恰有一个托管网格。</translation>
    </message>
    <message>
        <source>Who reads whom now</source>
        <translation>目前谁读取谁</translation>
    </message>
    <message>
        <source>whom else it reads is not known</source>
        <translation>不确定它还读取谁</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::Mender</name>
    <message>
        <source>Mend it</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>%1 is production. %2</source>
        <translation>%1 是生产环境。%2</translation>
    </message>
    <message>
        <source>&amp;Mend it</source>
        <translation>修复(&amp;M)</translation>
    </message>
    <message>
        <source>Mend %1</source>
        <translation>修复 %1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::MeshesPage</name>
    <message>
        <source>Meshes and trust</source>
        <translation>网格与信任</translation>
    </message>
    <message>
        <source>One control plane per cluster, near to it. All of them must chain to one root certificate, or their clusters refuse each other.</source>
        <translation>每个集群就近配备一个控制面。所有控制面的证书链必须指向同一个根证书，否则各集群会互相拒绝。</translation>
    </message>
    <message>
        <source>One shared &amp;root for all meshes</source>
        <translation>所有网格共享一个根证书(&amp;R)</translation>
    </message>
    <message>
        <source>Each mesh makes its &amp;own root</source>
        <translation>每个网格使用自己的根证书(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Add a mesh</source>
        <translation>添加网格(&amp;A)</translation>
    </message>
    <message>
        <source>Meshes</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Trust root</source>
        <translation>信任根</translation>
    </message>
    <message>
        <source>Clusters then refuse each other: only to rehearse exactly that.</source>
        <translation>集群随后会互相拒绝：仅用于演练这种情形。</translation>
    </message>
    <message>
        <source>Add at least one mesh.</source>
        <translation>请至少添加一个网格。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>现状</translation>
    </message>
    <message>
        <source>Name of mesh %1</source>
        <translation>网格 %1 的名称</translation>
    </message>
    <message>
        <source>Version of %1</source>
        <translation>%1 的版本</translation>
    </message>
    <message>
        <source>newest: %1</source>
        <translation>最新：%1</translation>
    </message>
    <message>
        <source>will be made</source>
        <translation>将创建</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove %1 from the choices</source>
        <translation>从选择中移除 %1</translation>
    </message>
    <message>
        <source>separate roots</source>
        <translation>各自独立的根证书</translation>
    </message>
    <message>
        <source>With roots that differ, every request across clusters fails in its TLS handshake.</source>
        <translation>如果根证书不同，所有跨集群请求都会在 TLS 握手时失败。</translation>
    </message>
    <message>
        <source>looking</source>
        <translation>查看中</translation>
    </message>
    <message>
        <source>Its key stays in the keyring.</source>
        <translation>其密钥保留在密钥环中。</translation>
    </message>
    <message>
        <source>There is no keyring here, so its key lives only as long as this program.</source>
        <translation>这里没有密钥环，因此其密钥只在本程序运行期间保留。</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>Every mesh of the fleet exists and keeps the root it has. A mesh that is added would need the key of theirs.</source>
        <translation>舰队的每个网格都已存在，并保留各自已有的根证书。新增网格时需要这些网格的根证书密钥。</translation>
    </message>
    <message>
        <source>Name of a root that other environments share</source>
        <translation>与其他环境共享的根证书名称</translation>
    </message>
    <message>
        <source>Every environment whose fleet names the same root shares it, and they trust each other</source>
        <translation>舰队文档指定同一根证书名称的环境共享该根证书，并互相信任</translation>
    </message>
    <message>
        <source>Shared under the nam&amp;e</source>
        <translation>共享名称(&amp;E)</translation>
    </message>
    <message>
        <source>none: this environment&apos;s own</source>
        <translation>无：此环境自己的根证书</translation>
    </message>
    <message>
        <source>Every environment whose fleet names this root shares it, and trusts this one.</source>
        <translation>凡舰队文档指定此根证书的环境都共享它，并信任此环境。</translation>
    </message>
    <message>
        <source>No other environment uses it.</source>
        <translation>没有其他环境使用它。</translation>
    </message>
    <message>
        <source>in the keyring</source>
        <translation>在密钥环中</translation>
    </message>
    <message>
        <source>The key of the root is there and is used again where it is the root that the meshes have. %1 %2</source>
        <translation>已有该根证书的密钥；如果它就是各网格的根证书，则会再次使用。%1%2</translation>
    </message>
    <message>
        <source>An offline root is made before the first mesh, and an issuing certificate for each mesh. %1 %2 A mesh that exists keeps its own root: the plan checks that it fits.</source>
        <translation>在创建第一个网格之前会生成离线根证书，并为每个网格生成签发证书。%1%2已存在的网格保留自己的根证书：计划会检查它是否相符。</translation>
    </message>
    <message>
        <source>%1 in %2, %3</source>
        <translation>%1，位于 %2，%3</translation>
    </message>
    <message>
        <source>version not told</source>
        <translation>版本未知</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1: not known, it takes the right to %2</source>
        <translation>%1：未知，需要 %2 的权限</translation>
    </message>
    <message>
        <source>%1: not known, %2</source>
        <translation>%1：未知，%2</translation>
    </message>
    <message>
        <source>Shown, and not changed here: %1</source>
        <translation>仅显示，不在此更改：%1</translation>
    </message>
    <message>
        <source>As last seen: %1</source>
        <translation>最后一次看到的状态：%1</translation>
    </message>
    <message>
        <source>Found in the clusters</source>
        <translation>在集群中发现的控制面</translation>
    </message>
    <message>
        <source>Nobody can make a mesh here: no cluster of the environment can be opened. The first page says why.</source>
        <translation>这里无法创建网格：环境中没有可以打开的集群。原因见第一页。</translation>
    </message>
    <message>
        <source>There may be others than those that are shown: %1</source>
        <translation>除显示的以外可能还有其他：%1</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>创建方</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>维持现状</translation>
    </message>
    <message>
        <source>what your %1 installs</source>
        <translation>您的 %1 所安装的版本</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Who makes %1</source>
        <translation>由谁创建 %1</translation>
    </message>
    <message>
        <source>Not every mesh could be read, so nobody knows whether a root is needed.</source>
        <translation>并非每个网格都能读取，因此无从得知是否需要根证书。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::MoveOffer</name>
    <message>
        <source>Move t&amp;he client…</source>
        <translation>移动客户端(&amp;H)…</translation>
    </message>
    <message>
        <source>Move the client to the other cluster…</source>
        <translation>将客户端移到另一个集群…</translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Moving the client from %1 to %2…</source>
        <translation>正在将客户端从 %1 移到 %2…</translation>
    </message>
    <message>
        <source>The client cannot be moved from here: %1</source>
        <translation>无法从这里移动客户端：%1</translation>
    </message>
    <message>
        <source>Next: does it hold from the other side? Move the client from %1 to %2 and verify again.</source>
        <translation>下一步：从另一侧是否同样成立？将客户端从 %1 移到 %2 后再次验证。</translation>
    </message>
    <message>
        <source>Move the client</source>
        <translation>移动客户端</translation>
    </message>
    <message>
        <source>Deployment sleep is scaled to 0 in %1, and a stand-alone sleep is deployed in %2. The requests then come from there.</source>
        <translation>%1 中的 Deployment sleep 缩容到 0，并在 %2 中部署单独的 sleep。此后请求将从那里发出。</translation>
    </message>
    <message>
        <source>&amp;Move it</source>
        <translation>移动(&amp;M)</translation>
    </message>
    <message>
        <source>Move the client from %1 to %2</source>
        <translation>将客户端从 %1 移到 %2</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::NetworksPage</name>
    <message>
        <source>Networks</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Where pods of two clusters cannot reach each other directly, requests go through cross-cluster gateways on port 15443; TLS passes through them unopened.</source>
        <translation>当两个集群的 Pod 无法直接互访时，请求经过端口 15443 上的跨集群网关；TLS 原样透传，不会解密。</translation>
    </message>
    <message>
        <source>Pods reach each other &amp;directly: one network, no gateways</source>
        <translation>Pod 可以直接互访：同一网络，不需要网关(&amp;D)</translation>
    </message>
    <message>
        <source>The networks are &amp;apart: join them with gateways</source>
        <translation>网络彼此隔离：用网关连通(&amp;A)</translation>
    </message>
    <message>
        <source>What was seen</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Choice</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>apart</source>
        <translation>隔离</translation>
    </message>
    <message>
        <source>together</source>
        <translation>互通</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Logical network</source>
        <translation>逻辑网络</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>Logical network of %1</source>
        <translation>%1 的逻辑网络</translation>
    </message>
    <message>
        <source>cross-cluster gateway here</source>
        <translation>在此部署跨集群网关</translation>
    </message>
    <message>
        <source>Gateway in %1</source>
        <translation>%1 中的网关</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::OperationStrip</name>
    <message>
        <source>Running operations</source>
        <translation>正在进行的操作</translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation>%1 的进度</translation>
    </message>
    <message>
        <source>Cancel %1</source>
        <translation>取消 %1</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>stopping… %1</source>
        <translation>正在停止… %1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::PastRunModel</name>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>p50 / p95</source>
        <translation>p50 / p95</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::PastRunsPanel</name>
    <message>
        <source>Com&amp;pare two</source>
        <translation>比较两次(&amp;P)</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>移除(&amp;V)</translation>
    </message>
    <message>
        <source>Past runs</source>
        <translation>历次验证</translation>
    </message>
    <message>
        <source>Choose two runs (Ctrl+click or Shift+arrows) to see them side by side</source>
        <translation>选择两次验证（Ctrl+点击或 Shift+方向键）以并排查看</translation>
    </message>
    <message>
        <source>The figures of every finished run are kept here.</source>
        <translation>每次完成的验证的数据都保存在这里。</translation>
    </message>
    <message>
        <source>Write the chosen run as CSV, JSON, PDF or PNG</source>
        <translation>将所选的验证写为 CSV、JSON、PDF 或 PNG</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::PlanDialog</name>
    <message>
        <source>%1, %2. Nothing has happened yet.</source>
        <translation>%1，%2。尚未做任何改动。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::PlanPage</name>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Nothing has happened yet. These are all the calls that will be made, what each does by hand, and how it is taken back.</source>
        <translation>尚未做任何改动。以下是将要进行的全部调用、各自的等效手动命令，以及如何撤销。</translation>
    </message>
    <message>
        <source>Looking at the fleet…</source>
        <translation>正在查看舰队…</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>重新查看(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Copy as commands</source>
        <translation>复制为命令(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Export JSON…</source>
        <translation>导出 JSON(&amp;E)…</translation>
    </message>
    <message>
        <source>The plan is being made.</source>
        <translation>正在制定计划。</translation>
    </message>
    <message>
        <source>There is no plan yet.</source>
        <translation>还没有计划。</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>0 steps</source>
        <translation>0 个步骤</translation>
    </message>
    <message>
        <source>Nothing is to do</source>
        <translation>无需操作</translation>
    </message>
    <message>
        <source>The fleet is as you want it. Go on to verify it.</source>
        <translation>舰队已符合您的要求。请继续进行验证。</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>Meshes, clusters, gateways and workloads are read, and compared with your choices.</source>
        <translation>正在读取网格、集群、网关和工作负载，并与您的选择进行比较。</translation>
    </message>
    <message>
        <source>There is no plan</source>
        <translation>没有计划</translation>
    </message>
    <message>
        <source>See above what is in the way.</source>
        <translation>请查看上方的阻碍因素。</translation>
    </message>
    <message>
        <source>It is made when an environment is open.</source>
        <translation>打开环境后即可制定。</translation>
    </message>
    <message>
        <source>Export the plan</source>
        <translation>导出计划</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>export the plan</source>
        <translation>导出计划</translation>
    </message>
    <message>
        <source>&amp;Drift…</source>
        <translation>漂移(&amp;D)…</translation>
    </message>
    <message>
        <source>Compares what is there with the choices, field by field, and corrects or adopts it</source>
        <translation>将现状与各项选择逐个字段比较，并予以更正或采用</translation>
    </message>
    <message>
        <source>All steps as commands for %1</source>
        <translation>所有步骤，以 %1 命令的形式</translation>
    </message>
    <message>
        <source>%1, by hand: %2</source>
        <translation>%1，手动执行：%2</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::PlanRunner</name>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::PlanView</name>
    <message>
        <source>Steps of the plan</source>
        <translation>计划的步骤</translation>
    </message>
    <message>
        <source>The chosen step</source>
        <translation>所选步骤</translation>
    </message>
    <message>
        <source>After: %1</source>
        <translation>前置步骤：%1</translation>
    </message>
    <message>
        <source>Call to %1: %2</source>
        <translation>调用 %1：%2</translation>
    </message>
    <message>
        <source>(no body)</source>
        <translation>（无请求体）</translation>
    </message>
    <message>
        <source>The same by hand</source>
        <translation>等效手动命令</translation>
    </message>
    <message>
        <source>Nothing remains that would have to be undone.</source>
        <translation>没有留下需要撤销的内容。</translation>
    </message>
    <message>
        <source>1 step</source>
        <translation>1 个步骤</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 个步骤</translation>
    </message>
    <message>
        <source>usually %1</source>
        <translation>通常需要 %1</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Sent, no answer: what became of it is looked at before anything else is done. %1</source>
        <translation>已发送，没有应答：在做其他任何事之前会先查看其结果。%1</translation>
    </message>
    <message>
        <source>It was not begun.</source>
        <translation>它没有开始。</translation>
    </message>
    <message>
        <source>&amp;Give up…</source>
        <translation>放弃(&amp;G)…</translation>
    </message>
    <message>
        <source>It cannot be taken back: %1</source>
        <translation>无法撤回：%1</translation>
    </message>
    <message>
        <source>Undo by hand</source>
        <translation>手动撤销</translation>
    </message>
    <message>
        <source>Deploy %1 in %2</source>
        <translation>将 %1 部署到 %2</translation>
    </message>
    <message>
        <source>Remove %1 from %2</source>
        <translation>从 %2 移除 %1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::PluginConsent</name>
    <message>
        <source>Run a program?</source>
        <translation>运行程序？</translation>
    </message>
    <message>
        <source>The kubeconfig %1, which belongs to the user %2, names a program that gives the credentials for a cluster. It runs with your rights:</source>
        <translation>属于用户 %2 的 kubeconfig %1 指定了一个为集群提供凭证的程序。它将以您的权限运行：</translation>
    </message>
    <message>
        <source>The program with its arguments</source>
        <translation>程序及其参数</translation>
    </message>
    <message>
        <source>Careful, of the program itself: %1.</source>
        <translation>请注意该程序本身：%1。</translation>
    </message>
    <message>
        <source>Run it only if you know it. Your answer is kept for this file and this command; when one of them changes, you are asked again.</source>
        <translation>只有在您了解该程序时才运行它。您的回答会针对此文件和此命令保存；其中任何一个发生变化时，会再次询问。</translation>
    </message>
    <message>
        <source>&amp;Run it</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Do not run it</source>
        <translation>不运行(&amp;D)</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ProbeOffer</name>
    <message>
        <source>Put a probe into clusters without a client…</source>
        <translation>在没有客户端的集群中放置探针…</translation>
    </message>
    <message>
        <source>No client in %1 can send requests: what leads out of there cannot be proven.</source>
        <translation>%1 中没有可以发送请求的客户端：无法证明从那里出发的方向。</translation>
    </message>
    <message>
        <source>Put a probe into %1…</source>
        <translation>在 %1 中放置探针…</translation>
    </message>
    <message>
        <source>Put probes there…</source>
        <translation>在那里放置探针…</translation>
    </message>
    <message>
        <source>Planning a probe for %1…</source>
        <translation>正在为 %1 制定探针计划…</translation>
    </message>
    <message>
        <source>Putting a probe into %1…</source>
        <translation>正在 %1 中放置探针…</translation>
    </message>
    <message>
        <source>A probe of ours sends from %1 since %2. It is taken away when you say so, and when the console or the environment is closed.</source>
        <translation>自 %2 起，我们的探针从 %1 发送请求。在您要求时，以及控制台或环境关闭时，它会被拆除。</translation>
    </message>
    <message>
        <source>Taking the probe away from %1…</source>
        <translation>正在从 %1 拆除探针…</translation>
    </message>
    <message>
        <source>Take it away</source>
        <translation>拆除</translation>
    </message>
    <message>
        <source>Take the probe away</source>
        <translation>拆除探针</translation>
    </message>
    <message>
        <source>Where may probes stand?</source>
        <translation>探针可以放在哪里？</translation>
    </message>
    <message>
        <source>A probe is a pod of ours that sends requests where no client of yours can. This is asked once for the environment and kept in %1.</source>
        <translation>探针是我们自己的 Pod，在没有您的客户端可用之处发送请求。每个环境只询问一次，并保存在 %1 中。</translation>
    </message>
    <message>
        <source>&amp;Image with sh and curl:</source>
        <translation>含有 sh 和 curl 的镜像(&amp;I)：</translation>
    </message>
    <message>
        <source>A &amp;Deployment of one pod, in the namespace</source>
        <translation>单 Pod 的 Deployment，位于命名空间(&amp;D)</translation>
    </message>
    <message>
        <source>Namespace of probes</source>
        <translation>探针的命名空间</translation>
    </message>
    <message>
        <source>A container added to a &amp;pod, or to one of a Deployment</source>
        <translation>添加到某个 Pod 或某个 Deployment 的一个 Pod 的容器(&amp;P)</translation>
    </message>
    <message>
        <source>Pod in %1:</source>
        <translation>%1 中的 Pod：</translation>
    </message>
    <message>
        <source>&amp;Show the plan</source>
        <translation>显示计划(&amp;S)</translation>
    </message>
    <message>
        <source>put a probe into the clusters</source>
        <translation>在集群中放置探针</translation>
    </message>
    <message>
        <source>none needs one</source>
        <translation>没有集群需要探针</translation>
    </message>
    <message>
        <source>Put a probe there</source>
        <translation>在那里放置探针</translation>
    </message>
    <message>
        <source>While it stands, what is proven from these clusters is sent from it.</source>
        <translation>它存在期间，对这些集群的证明请求都由它发送。</translation>
    </message>
    <message>
        <source>&amp;Put it there</source>
        <translation>放置(&amp;P)</translation>
    </message>
    <message>
        <source>Probe %1</source>
        <translation>探针 %1</translation>
    </message>
    <message>
        <source>it stands</source>
        <translation>已就位</translation>
    </message>
    <message>
        <source>It is taken away.</source>
        <translation>已拆除。</translation>
    </message>
    <message>
        <source>NOT taken away: %1</source>
        <translation>未拆除：%1</translation>
    </message>
    <message>
        <source>take the probe away</source>
        <translation>拆除探针</translation>
    </message>
    <message>
        <source>It is offered again at the next start; or: catamaranctl probes remove.</source>
        <translation>下次启动时会再次提出；也可使用：catamaranctl probes remove。</translation>
    </message>
    <message>
        <source>namespace/name</source>
        <translation>命名空间/名称</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::Rail</name>
    <message>
        <source>Places</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::RestoreBanner</name>
    <message>
        <source>The drill %1 was interrupted and left its fault in place. Put it back before anything else.</source>
        <translation>演练 %1 曾被中断，其故障仍未恢复。请先将其恢复。</translation>
    </message>
    <message>
        <source>Restore now</source>
        <translation>立即恢复</translation>
    </message>
    <message>
        <source>put it back</source>
        <translation>将其恢复</translation>
    </message>
    <message>
        <source>Restoring what the drill left broken…</source>
        <translation>正在恢复演练留下的故障…</translation>
    </message>
    <message>
        <source>Restore after an interrupted drill</source>
        <translation>恢复被中断的演练</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Not everything could be restored. %1</source>
        <translation>并非一切都能恢复。%1</translation>
    </message>
    <message>
        <source>Restored and read back. %1</source>
        <translation>已恢复并回读确认。%1</translation>
    </message>
    <message>
        <source>Restore what it knows</source>
        <translation>恢复其中已知的内容</translation>
    </message>
    <message>
        <source>The journal could not be told, and will offer this again: %1</source>
        <translation>无法记入操作日志，因此它会再次提出恢复：%1</translation>
    </message>
    <message>
        <source>Somebody else runs a drill here: %1. What it broke is put back there.</source>
        <translation>有他人正在此处运行演练：%1。它造成的故障会在那里恢复。</translation>
    </message>
    <message>
        <source>Another machine&apos;s drill may be running here: %1.</source>
        <translation>另一台机器的演练可能正在此处运行：%1。</translation>
    </message>
    <message>
        <source>Restore it all the same…</source>
        <translation>仍然恢复…</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Put back another machine&apos;s fault?</source>
        <translation>要恢复另一台机器造成的故障吗？</translation>
    </message>
    <message>
        <source>Whether that drill still runs cannot be seen from here. If it does, it ends without a verdict.</source>
        <translation>从这里无法看到该演练是否仍在运行。如果仍在运行，它将在没有结论的情况下结束。</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>恢复(&amp;R)</translation>
    </message>
    <message>
        <source>Nothing is left to be restored.</source>
        <translation>没有需要恢复的内容了。</translation>
    </message>
    <message>
        <source>Whether a drill left something elsewhere is not known: %1</source>
        <translation>无从得知演练是否在别处留下了什么：%1</translation>
    </message>
    <message>
        <source>&amp;Give it up…</source>
        <translation>放弃(&amp;G)…</translation>
    </message>
    <message>
        <source>Leave it as it is, with a reason that is kept</source>
        <translation>维持现状，并保存原因</translation>
    </message>
    <message>
        <source>Give up what could not be restored?</source>
        <translation>要放弃无法恢复的内容吗？</translation>
    </message>
    <message>
        <source>It stays as it is, and keeps no later drill waiting.</source>
        <translation>它维持现状，且不会让以后的演练等待。</translation>
    </message>
    <message>
        <source>&amp;Give it up</source>
        <translation>放弃(&amp;G)</translation>
    </message>
    <message>
        <source>Why? The reason is kept in the journal.</source>
        <translation>为什么？原因会保存在操作日志中。</translation>
    </message>
    <message>
        <source>A probe was left in the fleet by a console that ended (%1). It sends nothing, but still stands there.</source>
        <translation>已结束的控制台在舰队中遗留了一个探针（%1）。它不发送任何请求，但仍在那里。</translation>
    </message>
    <message>
        <source>Take it away</source>
        <translation>拆除</translation>
    </message>
    <message>
        <source>Taking the probe away…</source>
        <translation>正在拆除探针…</translation>
    </message>
    <message>
        <source>Take a probe away that was left</source>
        <translation>拆除遗留的探针</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::SamplePage</name>
    <message>
        <source>Sample application</source>
        <translation>示例应用</translation>
    </message>
    <message>
        <source>&amp;Deploy the sample application</source>
        <translation>部署示例应用(&amp;D)</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>What exactly</source>
        <translation>具体内容</translation>
    </message>
    <message>
        <source>Manifest shown</source>
        <translation>显示的清单</translation>
    </message>
    <message>
        <source>Manifest</source>
        <translation>清单</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%2 中的 %1</translation>
    </message>
    <message>
        <source>sleep sends requests, helloworld answers them with its version and instance. Under a mesh, sidecars are injected into its namespace.</source>
        <translation>sleep 发送请求，helloworld 用其版本和实例来应答。有网格时，会对其命名空间启用 Sidecar 注入。</translation>
    </message>
    <message>
        <source>Changed for these clusters</source>
        <translation>针对这些集群的改动</translation>
    </message>
    <message>
        <source>Empty fields leave the manifest as it is. Any image with a shell and curl can be the client, any that answers on port 5000 the service.</source>
        <translation>留空则清单保持原样。任何带有 shell 和 curl 的镜像都可作为客户端，任何在端口 5000 上应答的镜像都可作为服务。</translation>
    </message>
    <message>
        <source>Namespace of the sample</source>
        <translation>示例应用的命名空间</translation>
    </message>
    <message>
        <source>Namespace</source>
        <translation>命名空间</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>副本数</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Image of %1</source>
        <translation>%1 的镜像</translation>
    </message>
    <message>
        <source>as in the manifest</source>
        <translation>与清单相同</translation>
    </message>
    <message>
        <source>Replicas of %1</source>
        <translation>%1 的副本数</translation>
    </message>
    <message>
        <source>as is</source>
        <translation>不变</translation>
    </message>
    <message>
        <source>Command of %1</source>
        <translation>%1 的命令</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::Services</name>
    <message>
        <source>it was not ready within %1 s: %2</source>
        <translation>%1 s 内仍未就绪：%2</translation>
    </message>
    <message>
        <source>The practice range has stopped</source>
        <translation>练习场已停止</translation>
    </message>
    <message>
        <source>there is no such program</source>
        <translation>没有这个程序</translation>
    </message>
    <message>
        <source>The practice range runs</source>
        <translation>练习场正在运行</translation>
    </message>
    <message>
        <source>it ended with code %1</source>
        <translation>它已退出，退出码 %1</translation>
    </message>
    <message>
        <source>it ended with code %1: %2</source>
        <translation>它已退出，退出码 %1：%2</translation>
    </message>
    <message>
        <source>The practice range is starting</source>
        <translation>练习场正在启动</translation>
    </message>
    <message>
        <source>No keyring answers on this desktop: access keys and the root key are kept in memory for this run only.</source>
        <translation>此桌面没有密钥环应答：AccessKey 和根证书密钥只在本次运行期间保存在内存中。</translation>
    </message>
    <message>
        <source>This is a fleet as it was: nothing is asked or changed. Open an environment for that.</source>
        <translation>这是舰队当时的状态：不会查询或更改任何内容。如需这样做，请打开一个环境。</translation>
    </message>
    <message>
        <source>Write a support bundle</source>
        <translation>写出支持包</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::SetupContext</name>
    <message>
        <source>make the plan</source>
        <translation>制定计划</translation>
    </message>
    <message>
        <source>no environment is open</source>
        <translation>没有打开任何环境</translation>
    </message>
    <message>
        <source>Open one on the first page.</source>
        <translation>请在第一页打开一个环境。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::SetupPlace</name>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Meshes and trust</source>
        <translation>网格与信任</translation>
    </message>
    <message>
        <source>Memberships</source>
        <translation>成员关系</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Bac&amp;k</source>
        <translation>上一步(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>Steps of the setup</source>
        <translation>搭建步骤</translation>
    </message>
    <message>
        <source>The fleet as chosen</source>
        <translation>所选的舰队</translation>
    </message>
    <message>
        <source>As chosen</source>
        <translation>所选配置</translation>
    </message>
    <message>
        <source>Grey: not there yet.</source>
        <translation>灰色：尚不存在。</translation>
    </message>
    <message>
        <source>Next page of the setup</source>
        <translation>搭建的下一页</translation>
    </message>
    <message>
        <source>Previous page of the setup</source>
        <translation>搭建的上一页</translation>
    </message>
    <message>
        <source>Open the practice range</source>
        <translation>打开练习场</translation>
    </message>
    <message>
        <source>Show the plan</source>
        <translation>显示计划</translation>
    </message>
    <message>
        <source>Apply the plan</source>
        <translation>执行计划</translation>
    </message>
    <message>
        <source>Forget the choices of the setup</source>
        <translation>清除搭建中的选择</translation>
    </message>
    <message>
        <source>Setup: %1</source>
        <translation>搭建：%1</translation>
    </message>
    <message>
        <source>Open an environment first.</source>
        <translation>请先打开一个环境。</translation>
    </message>
    <message>
        <source>Setup</source>
        <translation>搭建</translation>
    </message>
    <message>
        <source>Not needed: these clusters have no mesh.</source>
        <translation>不需要：这些集群没有网格。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>拓扑图</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::ShareBar</name>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>no version named</source>
        <translation>未指明版本</translation>
    </message>
    <message>
        <source>Share of answers per version</source>
        <translation>各版本的应答占比</translation>
    </message>
    <message>
        <source>%1: %2 of the answers, %3 (%4 to %5)</source>
        <translation>%1：占应答的 %2，区间 %3（%4 至 %5）</translation>
    </message>
    <message>
        <source>, expected %1</source>
        <translation>，预期 %1</translation>
    </message>
    <message>
        <source>no answers yet</source>
        <translation>还没有应答</translation>
    </message>
    <message>
        <source>95 %: %1–%2</source>
        <translation>95%：%1–%2</translation>
    </message>
    <message>
        <source>expected %1</source>
        <translation>预期 %1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::StateBadge</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::StepModel</name>
    <message>
        <source>○ waiting</source>
        <translation>○ 等待中</translation>
    </message>
    <message>
        <source>▶ running</source>
        <translation>▶ 执行中</translation>
    </message>
    <message>
        <source>✓ done</source>
        <translation>✓ 已完成</translation>
    </message>
    <message>
        <source>✗ failed</source>
        <translation>✗ 失败</translation>
    </message>
    <message>
        <source>≈ %1</source>
        <translation>≈ %1</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Step %1: %2, %3</source>
        <translation>步骤 %1：%2，%3</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>? no answer</source>
        <translation>? 没有应答</translation>
    </message>
    <message>
        <source>– not begun</source>
        <translation>– 未开始</translation>
    </message>
    <message>
        <source>%1 of %2 done, %3 so far</source>
        <translation>已完成 %1 / %2，已用 %3</translation>
    </message>
    <message>
        <source>%1 of %2 done, %3 so far, about %4 to go</source>
        <translation>已完成 %1 / %2，已用 %3，大约还需 %4</translation>
    </message>
    <message>
        <source>Stays: %1</source>
        <translation>保留：%1</translation>
    </message>
    <message>
        <source>Take back: %1</source>
        <translation>撤回：%1</translation>
    </message>
    <message>
        <source>▶ %1 of %2 done</source>
        <translation>▶ 已完成 %1 / %2</translation>
    </message>
    <message>
        <source>– %1 of %2 done</source>
        <translation>– 已完成 %1 / %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) are done by hand: Catamaran does not do them yet, and begins nothing of a plan that holds one. Each shows its command. Do them, then look again.</source>
        <translation>
            <numerusform>%n 个步骤需手动执行：Catamaran 尚不能执行它们，含有此类步骤的计划一步也不会开始。每个步骤都显示其命令。请先执行它们，然后重新查看。</numerusform>
        </translation>
    </message>
    <message>
        <source>▲ by hand</source>
        <translation>▲ 手动</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::TemplateForm</name>
    <message>
        <source>A drill from a template</source>
        <translation>从模板创建演练</translation>
    </message>
    <message>
        <source>The template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>&amp;Prepare…</source>
        <translation>准备(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>%1 (“%2”)</source>
        <translation>%1（“%2”）</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::TopologyModel</name>
    <message>
        <source>Trust root</source>
        <translation>信任根</translation>
    </message>
    <message>
        <source>Meshes</source>
        <translation>网格</translation>
    </message>
    <message numerus="yes">
        <source>%n control plane(s)</source>
        <translation>
            <numerusform>%n 个控制面</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n 个集群</numerusform>
        </translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>%1 of %2 pods ready</source>
        <translation>%2 个 Pod 中 %1 个就绪</translation>
    </message>
    <message>
        <source>scaled to 0</source>
        <translation>已缩容到 0</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1，%2，%3</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::TopologyPlace</name>
    <message>
        <source>Objects of the fleet</source>
        <translation>舰队的对象</translation>
    </message>
    <message>
        <source>Search objects  ( / )</source>
        <translation>搜索对象  ( / )</translation>
    </message>
    <message>
        <source>Search objects</source>
        <translation>搜索对象</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Show only objects in these states</source>
        <translation>只显示处于这些状态的对象</translation>
    </message>
    <message>
        <source>Filter by state</source>
        <translation>按状态筛选</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>还没有可显示的内容</translation>
    </message>
    <message>
        <source>Here the fleet appears as it is: networks with their clusters, the meshes above them, and the trust root that ties them. Open an environment first.</source>
        <translation>这里按实际情况显示舰队：网络及其集群、其上的网格，以及把它们联系在一起的信任根。请先打开一个环境。</translation>
    </message>
    <message>
        <source>Set up a fleet</source>
        <translation>搭建舰队</translation>
    </message>
    <message>
        <source>Show as tree</source>
        <translation>显示为树</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Fit the map</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>Put everything back in place</source>
        <translation>全部放回原位</translation>
    </message>
    <message>
        <source>Look again now</source>
        <translation>立即重新查看</translation>
    </message>
    <message>
        <source>Export the map</source>
        <translation>导出拓扑图</translation>
    </message>
    <message>
        <source>No cluster in this environment</source>
        <translation>此环境中没有集群</translation>
    </message>
    <message>
        <source>Looking at the fleet</source>
        <translation>正在查看舰队</translation>
    </message>
    <message>
        <source>The environment names no cluster that could be read. Set a fleet up, or check the environment&apos;s kubeconfigs.</source>
        <translation>此环境没有指定可以读取的集群。请搭建舰队，或检查环境的 kubeconfig。</translation>
    </message>
    <message>
        <source>Clusters and meshes appear here as soon as they answer.</source>
        <translation>集群和网格在应答后会立即显示在这里。</translation>
    </message>
    <message>
        <source>SVG drawing (*.svg)</source>
        <translation>SVG 图形 (*.svg)</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>Topology</source>
        <translation>拓扑</translation>
    </message>
    <message>
        <source>What can be done with %1</source>
        <translation>可对 %1 执行的操作</translation>
    </message>
    <message>
        <source>Open in the inspector</source>
        <translation>在检查器中打开</translation>
    </message>
    <message>
        <source>Copy the name</source>
        <translation>复制名称</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::TopologyView</name>
    <message>
        <source>Map of the fleet</source>
        <translation>舰队拓扑图</translation>
    </message>
    <message>
        <source>Networks, clusters, meshes and their links. The tree beside it holds the same objects for screen readers.</source>
        <translation>网络、集群、网格及其链路。旁边的树包含同样的对象，供屏幕阅读器使用。</translation>
    </message>
    <message>
        <source>Fleet %1</source>
        <translation>舰队 %1</translation>
    </message>
    <message>
        <source>export the map</source>
        <translation>导出拓扑图</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1，%2，%3</translation>
    </message>
    <message numerus="yes">
        <source>and others: %n in all</source>
        <translation>
            <numerusform>还有其他：共 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>catamaran::ui::Tour</name>
    <message>
        <source>Could not make the folder %1</source>
        <translation>无法创建文件夹 %1</translation>
    </message>
    <message>
        <source>Could not write %1</source>
        <translation>无法写入 %1</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::VerifyForm</name>
    <message>
        <source>Source cluster</source>
        <translation>来源集群</translation>
    </message>
    <message>
        <source>Source namespace</source>
        <translation>来源命名空间</translation>
    </message>
    <message>
        <source>Source workload</source>
        <translation>来源工作负载</translation>
    </message>
    <message>
        <source>How much</source>
        <translation>发送量</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接方式</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>开始(&amp;S)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>Target URL</source>
        <translation>目标 URL</translation>
    </message>
    <message>
        <source>Number of requests</source>
        <translation>请求数</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Until stopped</source>
        <translation>直到停止</translation>
    </message>
    <message>
        <source> requests</source>
        <translation> 个请求</translation>
    </message>
    <message>
        <source>Duration in seconds</source>
        <translation>时长（秒）</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Requests per second</source>
        <translation>每秒请求数</translation>
    </message>
    <message>
        <source>as fast as answers come</source>
        <translation>收到应答即发送</translation>
    </message>
    <message>
        <source> per second</source>
        <translation> 个/秒</translation>
    </message>
    <message>
        <source>New for each request</source>
        <translation>每个请求新建</translation>
    </message>
    <message>
        <source>Kept (keep-alive)</source>
        <translation>保持连接（keep-alive）</translation>
    </message>
    <message>
        <source>The same with kubectl</source>
        <translation>等效的 kubectl 命令</translation>
    </message>
    <message>
        <source>Send the requests (Ctrl+Enter)</source>
        <translation>发送请求（Ctrl+Enter）</translation>
    </message>
    <message>
        <source>End the run; what was received stays</source>
        <translation>结束本次验证；已收到的内容会保留</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>&amp;Cluster</source>
        <translation>集群(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Namespace</source>
        <translation>命名空间(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Workload</source>
        <translation>工作负载(&amp;W)</translation>
    </message>
    <message>
        <source>To</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>UR&amp;L</source>
        <translation>UR&amp;L</translation>
    </message>
    <message>
        <source>How</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>How &amp;much</source>
        <translation>发送量(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Rate</source>
        <translation>速率(&amp;R)</translation>
    </message>
    <message>
        <source>C&amp;onnections</source>
        <translation>连接方式(&amp;O)</translation>
    </message>
    <message>
        <source>The same by hand</source>
        <translation>等效手动命令</translation>
    </message>
    <message>
        <source>%1 (no ready pod)</source>
        <translation>%1（没有就绪的 Pod）</translation>
    </message>
    <message>
        <source>No pod of it is ready, so nothing can be sent from here.</source>
        <translation>它没有就绪的 Pod，因此无法从这里发送。</translation>
    </message>
    <message>
        <source>No workload is known yet.</source>
        <translation>还不知道任何工作负载。</translation>
    </message>
    <message>
        <source># choose a source and a URL</source>
        <translation># 请选择来源和 URL</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::VerifyPlace</name>
    <message>
        <source>Nothing to verify yet</source>
        <translation>还没有可验证的内容</translation>
    </message>
    <message>
        <source>Here you send requests from one workload of the fleet and see which version answers from where. Open an environment or the practice range first.</source>
        <translation>在这里从舰队的一个工作负载发送请求，看看哪个版本从哪里应答。请先打开一个环境或练习场。</translation>
    </message>
    <message>
        <source>Set up a fleet</source>
        <translation>搭建舰队</translation>
    </message>
    <message>
        <source>Answers per instance</source>
        <translation>各实例的应答</translation>
    </message>
    <message>
        <source>no run</source>
        <translation>没有验证记录</translation>
    </message>
    <message>
        <source>No request was sent yet.</source>
        <translation>还没有发送任何请求。</translation>
    </message>
    <message>
        <source>Search the answers</source>
        <translation>搜索应答</translation>
    </message>
    <message>
        <source>&amp;Answers</source>
        <translation>应答(&amp;A)</translation>
    </message>
    <message>
        <source>Past r&amp;uns</source>
        <translation>历次验证(&amp;U)</translation>
    </message>
    <message>
        <source>Start verifying</source>
        <translation>开始验证</translation>
    </message>
    <message>
        <source>Stop verifying</source>
        <translation>停止验证</translation>
    </message>
    <message>
        <source>Export this run…</source>
        <translation>导出本次验证…</translation>
    </message>
    <message>
        <source>Save a picture of the charts…</source>
        <translation>保存图表图片…</translation>
    </message>
    <message>
        <source>the environment was closed</source>
        <translation>环境已关闭</translation>
    </message>
    <message>
        <source>send requests</source>
        <translation>发送请求</translation>
    </message>
    <message>
        <source>the environment does not know this cluster</source>
        <translation>环境中没有这个集群</translation>
    </message>
    <message>
        <source>Choose another source.</source>
        <translation>请选择另一个来源。</translation>
    </message>
    <message>
        <source>Waiting for the first answer…</source>
        <translation>正在等待第一个应答…</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Verify %1 from %2</source>
        <translation>从 %2 验证 %1</translation>
    </message>
    <message>
        <source>%1 requests</source>
        <translation>%1 个请求</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 个失败</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>p50 %1</source>
        <translation>p50 %1</translation>
    </message>
    <message>
        <source>p95 %1</source>
        <translation>p95 %1</translation>
    </message>
    <message>
        <source>p99 %1</source>
        <translation>p99 %1</translation>
    </message>
    <message>
        <source>%1 answers</source>
        <translation>%1 个应答</translation>
    </message>
    <message>
        <source>The run ended before its first answer.</source>
        <translation>本次验证在第一个应答之前已结束。</translation>
    </message>
    <message>
        <source>The run was stopped before its first answer.</source>
        <translation>本次验证在第一个应答之前已停止。</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Save a picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>PNG picture (*.png)</source>
        <translation>PNG 图片 (*.png)</translation>
    </message>
    <message>
        <source>save the picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>统计数据</translation>
    </message>
    <message>
        <source>Answers and past runs</source>
        <translation>应答与历次验证</translation>
    </message>
    <message>
        <source>What to send</source>
        <translation>发送内容</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation>重试(&amp;R)</translation>
    </message>
    <message>
        <source>What is proven from there</source>
        <translation>从那里出发已证明的内容</translation>
    </message>
    <message>
        <source>What is expected, and why</source>
        <translation>预期内容及原因</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>There is no other cluster that could have answered.</source>
        <translation>没有其他集群可以应答。</translation>
    </message>
</context>
<context>
    <name>catamaran::ui::WhyPanel</name>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>诊断结果</translation>
    </message>
    <message>
        <source>Ruled by</source>
        <translation>受制于</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>%1
serial %2, until %3</source>
        <translation>%1
序列号 %2，有效期至 %3</translation>
    </message>
    <message>
        <source>not told</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>Issued by</source>
        <translation>签发者</translation>
    </message>
    <message>
        <source>not known: %1</source>
        <translation>未知：%1</translation>
    </message>
    <message>
        <source>Dials</source>
        <translation>连接目标</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>查询内容</translation>
    </message>
    <message>
        <source>To know it takes</source>
        <translation>要查明还需要</translation>
    </message>
    <message>
        <source>stops here</source>
        <translation>停在这里</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>passed, with a warning</source>
        <translation>通过，但有警告</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>does not let it pass</source>
        <translation>未放行</translation>
    </message>
    <message>
        <source>old</source>
        <translation>已过时</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Why this request?</source>
        <translation>该请求为何如此？</translation>
    </message>
    <message>
        <source>Name a client, what it asks for, and the cluster that should answer. Requests are sent, and proxies and gateways asked; nothing is changed.</source>
        <translation>请指定客户端、请求的地址以及应当应答的集群。会发送请求，并查询代理和网关；不作任何更改。</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>复制(&amp;Y)</translation>
    </message>
    <message>
        <source>The way of the request</source>
        <translation>请求的路径</translation>
    </message>
    <message>
        <source>The client&apos;s cluster</source>
        <translation>客户端所在集群</translation>
    </message>
    <message>
        <source>The client: namespace and workload</source>
        <translation>客户端：命名空间和工作负载</translation>
    </message>
    <message>
        <source>namespace/workload</source>
        <translation>命名空间/工作负载</translation>
    </message>
    <message>
        <source>What it asks for</source>
        <translation>请求的内容</translation>
    </message>
    <message>
        <source>The cluster that should answer</source>
        <translation>应当应答的集群</translation>
    </message>
    <message>
        <source>&amp;Why?</source>
        <translation>为什么？(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;From cluster</source>
        <translation>来源集群(&amp;F)</translation>
    </message>
    <message>
        <source>C&amp;lient</source>
        <translation>客户端(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;URL</source>
        <translation>URL(&amp;U)</translation>
    </message>
    <message>
        <source>An&amp;swered in</source>
        <translation>应答集群(&amp;S)</translation>
    </message>
    <message>
        <source>Open an environment first.</source>
        <translation>请先打开一个环境。</translation>
    </message>
    <message>
        <source>Name the client as namespace/workload.</source>
        <translation>请以 namespace/workload 的形式指定客户端。</translation>
    </message>
    <message>
        <source>Sends requests and asks the proxies and gateways on their way</source>
        <translation>发送请求，并查询其路径上的代理和网关</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在查询…</translation>
    </message>
    <message>
        <source>Asking</source>
        <translation>正在查询</translation>
    </message>
    <message>
        <source>Requests are sent, and the proxies and gateways on their way are asked.</source>
        <translation>会发送请求，并查询其路径上的代理和网关。</translation>
    </message>
    <message>
        <source>Not asked</source>
        <translation>未查询</translation>
    </message>
    <message>
        <source>Nothing of the way could be asked.</source>
        <translation>路径上的任何内容都无法查询。</translation>
    </message>
    <message>
        <source>arrives</source>
        <translation>到达</translation>
    </message>
    <message>
        <source>does not arrive</source>
        <translation>未到达</translation>
    </message>
    <message>
        <source>Asked %1.</source>
        <translation>查询时间：%1。</translation>
    </message>
</context>
<context>
    <name>catamaranctl</name>
    <message>
        <source>catamaranctl: %1</source>
        <translation>catamaranctl：%1</translation>
    </message>
    <message>
        <source>read the command line</source>
        <translation>读取命令行</translation>
    </message>
    <message>
        <source>Go ahead although the environment is marked as production.</source>
        <translation>即使环境标记为生产环境也继续执行。</translation>
    </message>
    <message>
        <source>change the environment</source>
        <translation>更改环境</translation>
    </message>
    <message>
        <source>it is marked as production</source>
        <translation>它标记为生产环境</translation>
    </message>
    <message>
        <source>Say --yes if you mean it.</source>
        <translation>如果确实要这样做，请加上 --yes。</translation>
    </message>
    <message>
        <source>not seen: %1</source>
        <translation>未看到：%1</translation>
    </message>
    <message>
        <source>write the report</source>
        <translation>写入报告</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Drill</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复时间</translation>
    </message>
    <message>
        <source>First seen after</source>
        <translation>首次察觉于</translation>
    </message>
    <message>
        <source>Failed requests</source>
        <translation>失败的请求</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>NO</source>
        <translation>否</translation>
    </message>
    <message>
        <source>DRILL</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>TITLE</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>HYPOTHESIS</source>
        <translation>假设</translation>
    </message>
    <message>
        <source>-</source>
        <translation>-</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>AT</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>VERDICT</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>RECOVERY</source>
        <translation>恢复时间</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>putting back what an interrupted drill left broken</source>
        <translation>正在恢复被中断的演练所留下的故障</translation>
    </message>
    <message>
        <source>put everything back</source>
        <translation>全部恢复</translation>
    </message>
    <message>
        <source>restored</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>Nothing is to be restored.</source>
        <translation>没有需要恢复的内容。</translation>
    </message>
    <message>
        <source>STATE</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>WHAT</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>PROOF</source>
        <translation>证明</translation>
    </message>
    <message>
        <source>find the drill</source>
        <translation>查找演练</translation>
    </message>
    <message>
        <source>the newest</source>
        <translation>最近一次</translation>
    </message>
    <message>
        <source>the history has none</source>
        <translation>历史记录中没有</translation>
    </message>
    <message>
        <source>See “catamaranctl drill history”.</source>
        <translation>请参见“catamaranctl drill history”。</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>no drill</source>
        <translation>没有指定演练</translation>
    </message>
    <message>
        <source>more than one drill</source>
        <translation>指定了多个演练</translation>
    </message>
    <message>
        <source>Name a file, or one of “catamaranctl drill list”.</source>
        <translation>请指定文件，或“catamaranctl drill list”中的一个。</translation>
    </message>
    <message>
        <source>not the number of a drill</source>
        <translation>不是演练的编号</translation>
    </message>
    <message>
        <source>nothing said after it</source>
        <translation>其后没有内容</translation>
    </message>
    <message>
        <source>“%1” is not understood</source>
        <translation>不理解“%1”</translation>
    </message>
    <message>
        <source>Environment file: where to work. Default: $CATAMARAN_ENV.</source>
        <translation>环境文件：在哪里工作。默认：$CATAMARAN_ENV。</translation>
    </message>
    <message>
        <source>Form of the answer: text (default) or json.</source>
        <translation>应答的形式：text（默认）或 json。</translation>
    </message>
    <message>
        <source>History and journal. Default: %1</source>
        <translation>历史记录和操作日志。默认：%1</translation>
    </message>
    <message>
        <source>Show this help.</source>
        <translation>显示此帮助。</translation>
    </message>
    <message>
        <source>Show the version.</source>
        <translation>显示版本。</translation>
    </message>
    <message>
        <source>Commands:</source>
        <translation>命令：</translation>
    </message>
    <message>
        <source>Exit codes: 0 it holds, 1 a check or hypothesis failed, 2 bad input, 3 environment unreachable,
4 aborted and restored.</source>
        <translation>退出码：0 成立，1 检查或假设不成立，2 输入有误，3 环境无法访问，
4 已中止并恢复。</translation>
    </message>
    <message>
        <source>“catamaranctl COMMAND --help” explains one command.</source>
        <translation>“catamaranctl COMMAND --help”说明单个命令。</translation>
    </message>
    <message>
        <source>Sets up, proves and rehearses fleets of service meshes, without a window.</source>
        <translation>无需窗口即可搭建、证明和演练服务网格舰队。</translation>
    </message>
    <message>
        <source>What to do; see below.</source>
        <translation>要做什么；见下文。</translation>
    </message>
    <message>
        <source>catamaranctl: %1
See “catamaranctl --help”.
</source>
        <translation>catamaranctl：%1
请参见“catamaranctl --help”。
</translation>
    </message>
    <message>
        <source>unknown form “%1”: text or json</source>
        <translation>未知形式“%1”：应为 text 或 json</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Name the environment file.</source>
        <translation>请指定环境文件。</translation>
    </message>
    <message>
        <source>unknown command “%1”</source>
        <translation>未知命令“%1”</translation>
    </message>
    <message>
        <source>Every direction is proven in every layer.</source>
        <translation>每个方向的每一层都已得到证明。</translation>
    </message>
    <message>
        <source>Not every direction is proven in every layer.</source>
        <translation>并非每个方向的每一层都已得到证明。</translation>
    </message>
    <message>
        <source>DIRECTION</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>LAYER</source>
        <translation>层</translation>
    </message>
    <message>
        <source>EVIDENCE</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>not expected here</source>
        <translation>此处不应出现</translation>
    </message>
    <message>
        <source>it is not of the form namespace/workload</source>
        <translation>它不是 namespace/workload 的形式</translation>
    </message>
    <message>
        <source>Judges every direction between clusters in four layers, with a real request as the last.</source>
        <translation>分四层判断集群之间的每个方向，最后一层是真实请求。</translation>
    </message>
    <message>
        <source>What to ask for. Default: http://helloworld:5000/hello</source>
        <translation>请求的地址。默认：http://helloworld:5000/hello</translation>
    </message>
    <message>
        <source>The workload to send from, in each cluster. Default: default/sleep</source>
        <translation>各集群中用于发送的工作负载。默认：default/sleep</translation>
    </message>
    <message>
        <source>more than one</source>
        <translation>多于一个</translation>
    </message>
    <message>
        <source>Name one fleet document.</source>
        <translation>请指定一个舰队文档。</translation>
    </message>
    <message>
        <source>Nothing is to do.</source>
        <translation>无需操作。</translation>
    </message>
    <message>
        <source>%1 steps:</source>
        <translation>%1 个步骤：</translation>
    </message>
    <message>
        <source>why:</source>
        <translation>原因：</translation>
    </message>
    <message>
        <source>after:</source>
        <translation>前置：</translation>
    </message>
    <message>
        <source>call:</source>
        <translation>调用：</translation>
    </message>
    <message>
        <source>by hand:</source>
        <translation>手动：</translation>
    </message>
    <message>
        <source>undo:</source>
        <translation>撤销：</translation>
    </message>
    <message>
        <source>carry out the plan</source>
        <translation>执行计划</translation>
    </message>
    <message>
        <source>looking at the fleet</source>
        <translation>正在查看舰队</translation>
    </message>
    <message>
        <source>WHERE</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>CHECK</source>
        <translation>检查项</translation>
    </message>
    <message>
        <source>Judges what can be judged before anything is changed.</source>
        <translation>在做任何改动之前，判断所有可以判断的内容。</translation>
    </message>
    <message>
        <source>Shows every step of apply with its calls and the command that would do it by hand.</source>
        <translation>显示 apply 的每个步骤、其调用以及等效的手动命令。</translation>
    </message>
    <message>
        <source>Plan the taking away instead.</source>
        <translation>改为制定拆除计划。</translation>
    </message>
    <message>
        <source>not a cluster of this environment</source>
        <translation>不是此环境的集群</translation>
    </message>
    <message>
        <source>It has: %1</source>
        <translation>它有：%1</translation>
    </message>
    <message>
        <source>The guide&apos;s step 5: stops sleep in one cluster and starts it in the other.</source>
        <translation>指南的步骤五：在一个集群中停止 sleep，并在另一个集群中启动它。</translation>
    </message>
    <message>
        <source>Where the client runs (default: default).</source>
        <translation>客户端所在的命名空间（默认：default）。</translation>
    </message>
    <message>
        <source>it needs two different clusters</source>
        <translation>需要两个不同的集群</translation>
    </message>
    <message>
        <source>For example: move-client cluster-1 cluster-2</source>
        <translation>例如：move-client cluster-1 cluster-2</translation>
    </message>
    <message>
        <source>Carries out the plan and reads every change back; a second run changes nothing.</source>
        <translation>执行计划并回读每项改动；再次运行不会改变任何东西。</translation>
    </message>
    <message>
        <source>Takes the fleet away again.</source>
        <translation>拆除舰队。</translation>
    </message>
    <message>
        <source>read a result</source>
        <translation>读取结果</translation>
    </message>
    <message>
        <source>Use what “catamaranctl -o json verify” or “drill run” printed.</source>
        <translation>请使用“catamaranctl -o json verify”或“drill run”的输出。</translation>
    </message>
    <message>
        <source>Answers seen from %1</source>
        <translation>从 %1 看到的应答</translation>
    </message>
    <message>
        <source>%1: %2 (%3 %)</source>
        <translation>%1：%2（%3%）</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1 sent, %2 answered, %3 failed</source>
        <translation>发送 %1 个，应答 %2 个，失败 %3 个</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>p50 %1 ms, p95 %2 ms, p99 %3 ms</source>
        <translation>p50 %1 ms，p95 %2 ms，p99 %3 ms</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>Drill: %1</source>
        <translation>演练：%1</translation>
    </message>
    <message>
        <source>Measured recovery</source>
        <translation>测得的恢复时间</translation>
    </message>
    <message>
        <source>yes, read back</source>
        <translation>是，已回读</translation>
    </message>
    <message>
        <source>Every screen</source>
        <translation>全部界面</translation>
    </message>
    <message>
        <source>Environment %1, %2</source>
        <translation>环境 %1，%2</translation>
    </message>
    <message>
        <source>Puts results of verify and drill run on one page for people.</source>
        <translation>将 verify 和 drill run 的结果汇总为一页便于阅读的报告。</translation>
    </message>
    <message>
        <source>The page to write.</source>
        <translation>要写入的页面。</translation>
    </message>
    <message>
        <source>What “-o json verify” printed; may be given more than once.</source>
        <translation>“-o json verify”的输出；可以多次给出。</translation>
    </message>
    <message>
        <source>What “-o json drill run” printed; may be given more than once.</source>
        <translation>“-o json drill run”的输出；可以多次给出。</translation>
    </message>
    <message>
        <source>A folder of pictures, as “catamaran --tour” saves them.</source>
        <translation>图片文件夹，由“catamaran --tour”保存。</translation>
    </message>
    <message>
        <source>Name the page to write.</source>
        <translation>请指定要写入的页面。</translation>
    </message>
    <message>
        <source>There is no mesh yet.</source>
        <translation>还没有网格。</translation>
    </message>
    <message>
        <source>Whether the meshes share a root is unknown: not every root could be read.</source>
        <translation>各网格是否共享根证书尚不清楚：并非每个根证书都能读取。</translation>
    </message>
    <message>
        <source>There is one mesh with one trust root.</source>
        <translation>只有一个网格，一个信任根。</translation>
    </message>
    <message>
        <source>All meshes share the same trust root.</source>
        <translation>所有网格共享同一个信任根。</translation>
    </message>
    <message>
        <source>The roots differ (%1): workloads of these meshes do not trust each other, and requests between them fail in the TLS handshake.</source>
        <translation>根证书不同（%1）：这些网格的工作负载互不信任，它们之间的请求会在 TLS 握手时失败。</translation>
    </message>
    <message>
        <source>trust</source>
        <translation>信任</translation>
    </message>
    <message>
        <source>FINDING</source>
        <translation>诊断结果</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>CLUSTER</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>WORKLOAD</source>
        <translation>工作负载</translation>
    </message>
    <message>
        <source>VERSION</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>READY</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>SIDECAR</source>
        <translation>SIDECAR</translation>
    </message>
    <message>
        <source>gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>MESH</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>MODE</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>NETWORK</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Not seen: %1</source>
        <translation>未看到：%1</translation>
    </message>
    <message>
        <source>Shows what is known of clusters, meshes and trust, with the evidence for it.</source>
        <translation>显示已知的集群、网格和信任情况，以及相应的依据。</translation>
    </message>
    <message>
        <source>kept connections</source>
        <translation>保持连接</translation>
    </message>
    <message>
        <source>a new connection each</source>
        <translation>每次新建连接</translation>
    </message>
    <message>
        <source>(none)</source>
        <translation>（无）</translation>
    </message>
    <message>
        <source>ANSWERS</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>SHARE</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>95 % INTERVAL</source>
        <translation>95% 区间</translation>
    </message>
    <message>
        <source>WHY</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Latency: p50 %1 ms, p95 %2 ms, p99 %3 ms</source>
        <translation>延迟：p50 %1 ms，p95 %2 ms，p99 %3 ms</translation>
    </message>
    <message>
        <source>not kept in the history: %1</source>
        <translation>未保存到历史记录：%1</translation>
    </message>
    <message>
        <source>the environment has no cluster “%1”</source>
        <translation>环境中没有集群“%1”</translation>
    </message>
    <message>
        <source>It has %1.</source>
        <translation>它有：%1。</translation>
    </message>
    <message>
        <source>sending from %1 to %2</source>
        <translation>正在从 %1 向 %2 发送</translation>
    </message>
    <message>
        <source>Write for example --from cluster-1/default/sleep.</source>
        <translation>请写成例如 --from cluster-1/default/sleep。</translation>
    </message>
    <message>
        <source>“%1” is not a number of requests</source>
        <translation>“%1”不是请求数</translation>
    </message>
    <message>
        <source>“%1” is not a number</source>
        <translation>“%1”不是数字</translation>
    </message>
    <message>
        <source>Sends requests from a workload and shows who answered each.</source>
        <translation>从一个工作负载发送请求，并显示每个请求由谁应答。</translation>
    </message>
    <message>
        <source>How many requests to send. Default: 10</source>
        <translation>要发送的请求数。默认：10</translation>
    </message>
    <message>
        <source>How long to send: 30s, 2m, …</source>
        <translation>发送多长时间：30s、2m……</translation>
    </message>
    <message>
        <source>Keep connections, instead of a new one for each request.</source>
        <translation>保持连接，而不是每个请求新建连接。</translation>
    </message>
    <message>
        <source>Versions of which each must answer, with commas: v1,v2</source>
        <translation>必须逐一应答的版本，以逗号分隔：v1,v2</translation>
    </message>
    <message>
        <source>nothing was changed</source>
        <translation>没有做任何改动</translation>
    </message>
    <message>
        <source>See “catamaranctl --help”.</source>
        <translation>请参见“catamaranctl --help”。</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>%1 requests answered or given up, %2 of them failed</source>
        <translation>%1 个请求已应答或放弃，其中 %2 个失败</translation>
    </message>
    <message>
        <source>How long one request may take. Default: 2s</source>
        <translation>单个请求的最长时间。默认：2s</translation>
    </message>
    <message>
        <source>The client has moved to %1; steps: %2.</source>
        <translation>客户端已移到 %1；步骤数：%2。</translation>
    </message>
    <message>
        <source>Done; steps: %1.</source>
        <translation>完成；步骤数：%1。</translation>
    </message>
    <message>
        <source>Taken away; steps: %1.</source>
        <translation>已拆除；步骤数：%1。</translation>
    </message>
    <message>
        <source>Show this namespace&apos;s workloads too. May be given several times.</source>
        <translation>同时显示此命名空间的工作负载。可以多次给出。</translation>
    </message>
    <message>
        <source>sending from %1 to %2 at %3</source>
        <translation>正在从 %1 向 %2（地址 %3）发送</translation>
    </message>
    <message>
        <source>Ask the API server for the service&apos;s cluster address, instead of a DNS in the pod: for clusters without DNS.</source>
        <translation>向 API Server 查询该 Service 的集群内地址，而不使用 Pod 中的 DNS：用于没有 DNS 的集群。</translation>
    </message>
    <message>
        <source>the history can only be read: %1</source>
        <translation>历史记录只能读取：%1</translation>
    </message>
    <message>
        <source>the journal could not be told, and will offer this restore again: %1</source>
        <translation>无法记入操作日志，因此它会再次提出此恢复：%1</translation>
    </message>
    <message>
        <source>nobody knows whether an interrupted drill is to be restored here: %1</source>
        <translation>无从得知这里是否有被中断的演练需要恢复：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>waiting until the keyring is unlocked</source>
        <translation>正在等待密钥环解锁</translation>
    </message>
    <message>
        <source>the keyring has answered</source>
        <translation>密钥环已应答</translation>
    </message>
    <message>
        <source>“%1” is not a folder</source>
        <translation>“%1”不是文件夹</translation>
    </message>
    <message>
        <source>Which meshes there are is unknown: they could not be listed.</source>
        <translation>不清楚有哪些网格：无法列出网格。</translation>
    </message>
    <message>
        <source>The meshes have trust roots in common and others besides: a rotation is under way. Whether a mesh signs with a root that the others do not have yet is not seen here; real requests show it (matrix).</source>
        <translation>各网格有共同的信任根，此外还有其他信任根：正在轮换。某个网格是否在用其他网格尚未拥有的根证书签发，在这里看不出来；真实请求会显示出来（matrix）。</translation>
    </message>
    <message>
        <source>drills</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>no: %1</source>
        <translation>否：%1</translation>
    </message>
    <message>
        <source>%1 → %2, %3 requests (%4), pod %5, container %6</source>
        <translation>%1 → %2，%3 个请求（%4），Pod %5，容器 %6</translation>
    </message>
    <message>
        <source> (of very many: each within %1 %)</source>
        <translation>（样本极多：各值误差在 %1% 以内）</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空值</translation>
    </message>
    <message>
        <source>Leave it out to take the one that kubectl would take.</source>
        <translation>省略它即可使用 kubectl 默认选用的容器。</translation>
    </message>
    <message>
        <source>The container to send from. Default: as kubectl, the one that the pod&apos;s annotation names, else its first.</source>
        <translation>用于发送请求的容器。默认：与 kubectl 相同，取 Pod 注解所指定的容器，否则取第一个。</translation>
    </message>
    <message>
        <source>given up</source>
        <translation>已放弃</translation>
    </message>
    <message>
        <source>left</source>
        <translation>已保留</translation>
    </message>
    <message>
        <source>%1: another machine&apos;s drill may be running; %2</source>
        <translation>%1：另一台机器的演练可能正在运行；%2</translation>
    </message>
    <message>
        <source>nobody knows whether a drill left something broken there: %1</source>
        <translation>无从得知演练是否在那里留下了故障：%1</translation>
    </message>
    <message>
        <source>Put back what another machine&apos;s drill left broken, if it does not run any more: %1</source>
        <translation>如果另一台机器的演练已不在运行，恢复它留下的故障：%1</translation>
    </message>
    <message>
        <source>What cannot be put back any more is given up by: %1</source>
        <translation>已无法恢复的内容可这样放弃：%1</translation>
    </message>
    <message>
        <source>nothing is given up</source>
        <translation>没有放弃任何内容</translation>
    </message>
    <message>
        <source>Say what: --give-up EXECUTION[/STEP]</source>
        <translation>请指明：--give-up EXECUTION[/STEP]</translation>
    </message>
    <message>
        <source>“%1” is not the number of an execution</source>
        <translation>“%1”不是执行记录的编号</translation>
    </message>
    <message>
        <source>“catamaranctl drill restore” says which there are.</source>
        <translation>“catamaranctl drill restore”会列出有哪些。</translation>
    </message>
    <message>
        <source>there is no reason</source>
        <translation>没有原因</translation>
    </message>
    <message>
        <source>Say why with --reason: it is kept with the step.</source>
        <translation>请用 --reason 说明原因：它会随该步骤保存。</translation>
    </message>
    <message>
        <source>With restore: leave what this drill&apos;s step did as it is; without a step, all of it.</source>
        <translation>与 restore 一起使用：让该演练的步骤所做的改动维持现状；不指定步骤则为全部。</translation>
    </message>
    <message>
        <source>With --give-up: why. It is kept.</source>
        <translation>与 --give-up 一起使用：原因。它会被保存。</translation>
    </message>
    <message>
        <source>not the number of an execution</source>
        <translation>不是执行记录的编号</translation>
    </message>
    <message>
        <source>See “catamaranctl history”.</source>
        <translation>请参见“catamaranctl history”。</translation>
    </message>
    <message>
        <source>find the execution</source>
        <translation>查找执行记录</translation>
    </message>
    <message>
        <source>the journal has none of this number</source>
        <translation>操作日志中没有此编号</translation>
    </message>
    <message>
        <source>%1 (%2 since %3)</source>
        <translation>%1（%2，自 %3 起）</translation>
    </message>
    <message>
        <source>%1 (goes on from %2)</source>
        <translation>%1（接续 %2）</translation>
    </message>
    <message>
        <source>%1, %2 taken back</source>
        <translation>%1，已撤回 %2 个</translation>
    </message>
    <message>
        <source>Nothing was done yet.</source>
        <translation>尚未做任何改动。</translation>
    </message>
    <message>
        <source>ENVIRONMENT</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>DONE</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Execution</source>
        <translation>执行记录</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>At</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>answer:</source>
        <translation>应答：</translation>
    </message>
    <message>
        <source>request:</source>
        <translation>请求：</translation>
    </message>
    <message>
        <source>evidence:</source>
        <translation>依据：</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>cannot be taken back:</source>
        <translation>无法撤回：</translation>
    </message>
    <message>
        <source>undo by hand:</source>
        <translation>手动撤销：</translation>
    </message>
    <message>
        <source>What was done: executions, newest first, or the steps of one.</source>
        <translation>所做的改动：各条执行记录（最近的在前），或其中一条的步骤。</translation>
    </message>
    <message>
        <source>How many executions (default: %1).</source>
        <translation>执行记录的条数（默认：%1）。</translation>
    </message>
    <message>
        <source>Name one execution, or none.</source>
        <translation>请指定一条执行记录，或不指定。</translation>
    </message>
    <message>
        <source>not a whole number from 1 to %1</source>
        <translation>不是 1 到 %1 之间的整数</translation>
    </message>
    <message>
        <source>%1 is left as it is: %2</source>
        <translation>%1 维持现状：%2</translation>
    </message>
    <message>
        <source>take back execution %1</source>
        <translation>撤回执行记录 %1</translation>
    </message>
    <message>
        <source>taking back execution %1 (%2)</source>
        <translation>正在撤回执行记录 %1（%2）</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>NOT DONE</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>TAKE BACK</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Nothing is to be taken back.</source>
        <translation>没有需要撤回的内容。</translation>
    </message>
    <message>
        <source>Everything was taken back.</source>
        <translation>已全部撤回。</translation>
    </message>
    <message>
        <source>To leave %1 as it is: undo %2 --give-up %1 --reason TEXT</source>
        <translation>要让 %1 维持现状：undo %2 --give-up %1 --reason TEXT</translation>
    </message>
    <message>
        <source>Takes back what an execution did, each step proven.</source>
        <translation>撤回一条执行记录所做的改动，每个步骤都经过证明。</translation>
    </message>
    <message>
        <source>Leave what this step did as it is (repeatable; needs --reason).</source>
        <translation>让此步骤所做的改动维持现状（可重复；需要 --reason）。</translation>
    </message>
    <message>
        <source>Why; it is kept with the steps that are given up.</source>
        <translation>原因；它会随放弃的步骤保存。</translation>
    </message>
    <message>
        <source>Say why the step is given up.</source>
        <translation>请说明放弃该步骤的原因。</translation>
    </message>
    <message>
        <source>there is nothing to give up</source>
        <translation>没有可放弃的内容</translation>
    </message>
    <message>
        <source>Name the step: --give-up STEP</source>
        <translation>请指定步骤：--give-up STEP</translation>
    </message>
    <message>
        <source>The drill “%1” was interrupted here and is not restored yet. Run: %2</source>
        <translation>演练“%1”曾在此处中断，尚未恢复。请运行：%2</translation>
    </message>
    <message>
        <source>Nothing was done there:</source>
        <translation>那里没有做任何改动：</translation>
    </message>
    <message>
        <source>%1 of %2 steps are done; run it again to go on from there, or take them back: undo %3</source>
        <translation>%2 个步骤中已完成 %1 个；请再次运行以从那里继续，或将其撤回：undo %3</translation>
    </message>
    <message>
        <source>This object may be changed or deleted although others made it (KIND/NAMESPACE/NAME, of a mesh mesh/NAME; repeatable).</source>
        <translation>即使由他人创建，也可以更改或删除此对象（KIND/NAMESPACE/NAME，网格为 mesh/NAME；可重复）。</translation>
    </message>
    <message>
        <source>write the fleet document</source>
        <translation>写入舰队文档</translation>
    </message>
    <message>
        <source>there is a file of this name</source>
        <translation>已有该名称的文件</translation>
    </message>
    <message>
        <source>Name another one.</source>
        <translation>请指定另一个文件。</translation>
    </message>
    <message>
        <source>%1 says what is there; a plan of it is empty.</source>
        <translation>%1 描述了现状；其计划为空。</translation>
    </message>
    <message>
        <source>Writes the fleet document of what is there; a plan of it is empty.</source>
        <translation>写入描述现状的舰队文档；其计划为空。</translation>
    </message>
    <message>
        <source>What the fleet is called (default: adopted).</source>
        <translation>舰队的名称（默认：adopted）。</translation>
    </message>
    <message>
        <source>Write it to this file, which must not be there yet.</source>
        <translation>写入此文件，该文件必须尚不存在。</translation>
    </message>
    <message>
        <source>must match</source>
        <translation>必须一致</translation>
    </message>
    <message>
        <source>may differ</source>
        <translation>可以不同</translation>
    </message>
    <message>
        <source>the cluster&apos;s own</source>
        <translation>集群自有</translation>
    </message>
    <message>
        <source>INTENT</source>
        <translation>意图</translation>
    </message>
    <message>
        <source>OBJECT</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>FIELD</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>WANTED</source>
        <translation>期望</translation>
    </message>
    <message>
        <source>FOUND</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>SET BY</source>
        <translation>设置者</translation>
    </message>
    <message>
        <source>Not applied by Catamaran: %1</source>
        <translation>不是由 Catamaran 应用：%1</translation>
    </message>
    <message>
        <source>Not known: %1</source>
        <translation>未知：%1</translation>
    </message>
    <message>
        <source>The fleet is what its document says.</source>
        <translation>舰队与其文档一致。</translation>
    </message>
    <message>
        <source>The fleet is not known to be what its document says.</source>
        <translation>无法确知舰队是否与其文档一致。</translation>
    </message>
    <message>
        <source>The fleet is not what its document says.</source>
        <translation>舰队与其文档不一致。</translation>
    </message>
    <message>
        <source>The fleet is what its document says again; steps: %1.</source>
        <translation>舰队已重新与其文档一致；步骤数：%1。</translation>
    </message>
    <message>
        <source>Shows field by field where the fleet is not what its document says; --correct makes it so again.</source>
        <translation>逐个字段显示舰队与其文档不一致之处；--correct 使其重新一致。</translation>
    </message>
    <message>
        <source>Carry out what it takes, fields that others have set since included.</source>
        <translation>执行所需的步骤，包括他人已设置的字段。</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>RULE</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>WHAT TO DO</source>
        <translation>处理方法</translation>
    </message>
    <message>
        <source>%1 rules could not be asked. %2</source>
        <translation>%1 条规则无法查询。%2</translation>
    </message>
    <message>
        <source>Nothing was found in %1 clusters.</source>
        <translation>在 %1 个集群中没有发现问题。</translation>
    </message>
    <message>
        <source>No service of the mesh was found.</source>
        <translation>未找到网格中的服务。</translation>
    </message>
    <message>
        <source>SERVICE</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>CLIENTS IN</source>
        <translation>客户端集群</translation>
    </message>
    <message>
        <source>FAILS OVER</source>
        <translation>故障转移</translation>
    </message>
    <message>
        <source>WHAT TO CHANGE</source>
        <translation>更改内容</translation>
    </message>
    <message>
        <source>[FLEET]</source>
        <translation>[FLEET]</translation>
    </message>
    <message>
        <source>Says what is wrong with the clusters and between them, and what to do. 0: nothing is broken, 1: something is, 3: not everything could be read.</source>
        <translation>说明各集群及集群之间有什么问题，以及如何处理。0：没有故障，1：有故障，3：并非所有内容都能读取。</translation>
    </message>
    <message>
        <source>Says of every service whether another cluster takes over, and what to change. 0: all do, 1: some do not, 3: not everything could be read.</source>
        <translation>说明每个服务能否由另一个集群接管，以及需要更改什么。0：全部能接管；1：有些不能；3：有内容无法读取。</translation>
    </message>
    <message>
        <source>configured</source>
        <translation>已配置</translation>
    </message>
    <message>
        <source>needs: %1</source>
        <translation>需要：%1</translation>
    </message>
    <message>
        <source>the environment has no cluster %1</source>
        <translation>环境没有集群 %1</translation>
    </message>
    <message>
        <source>requests from %1/%2 of each cluster to %3</source>
        <translation>从每个集群的 %1/%2 到 %3 的请求</translation>
    </message>
    <message>
        <source>Requests per sending cluster. Default: as many as it takes to meet every cluster</source>
        <translation>每个发送集群的请求数。默认：发送到遇见每个集群为止</translation>
    </message>
    <message>
        <source>said</source>
        <translation>据称</translation>
    </message>
    <message>
        <source>Not known of %1: the services there could not be read.</source>
        <translation>%1 的情况未知：无法读取那里的 Service。</translation>
    </message>
    <message>
        <source>Written: %1 (%2 KiB). Secrets were taken out; look at it before you hand it on.</source>
        <translation>已写入：%1（%2 KiB）。机密信息已去除；转交之前请先查看。</translation>
    </message>
    <message>
        <source>it names two files</source>
        <translation>指定了两个文件</translation>
    </message>
    <message>
        <source>it names no file</source>
        <translation>没有指定文件</translation>
    </message>
    <message>
        <source>Write for example -o fleet.bundle.tar.gz.</source>
        <translation>请写成例如 -o fleet.bundle.tar.gz。</translation>
    </message>
    <message>
        <source>Writes one file for whoever is to help: facts, findings, matrix, configuration, journal and versions, without secrets. “catamaran --open FILE” shows it.</source>
        <translation>写出一个供协助者使用的文件：事实、诊断结果、矩阵、配置、操作日志和版本，不含机密信息。可用“catamaran --open FILE”查看。</translation>
    </message>
    <message>
        <source>Send requests first, as “matrix” does. Default: nothing is sent.</source>
        <translation>先发送请求，与“matrix”相同。默认：不发送任何请求。</translation>
    </message>
    <message>
        <source>write the JUnit file</source>
        <translation>写入 JUnit 文件</translation>
    </message>
    <message>
        <source>holds</source>
        <translation>成立</translation>
    </message>
    <message>
        <source>FAILS</source>
        <translation>不符合</translation>
    </message>
    <message>
        <source>NOT KNOWN</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>OF</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>EXPECTATION</source>
        <translation>预期</translation>
    </message>
    <message>
        <source>SEEN</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>%1 of %2 expectations hold, %3 fail, %4 are not known.</source>
        <translation>%2 项预期中 %1 项符合，%3 项不符合，%4 项未知。</translation>
    </message>
    <message>
        <source>asking about directions</source>
        <translation>正在查询方向</translation>
    </message>
    <message>
        <source>asking the rules</source>
        <translation>正在查询规则</translation>
    </message>
    <message>
        <source>send requests</source>
        <translation>发送请求</translation>
    </message>
    <message>
        <source>stopped before it was known</source>
        <translation>在得知结果之前已停止</translation>
    </message>
    <message>
        <source>Name a file with what is expected.</source>
        <translation>请指定包含预期的文件。</translation>
    </message>
    <message>
        <source>Name the file to write.</source>
        <translation>请指定要写入的文件。</translation>
    </message>
    <message>
        <source>it did not come to that: see the job&apos;s log</source>
        <translation>未进行到这一步：请查看该任务的日志</translation>
    </message>
    <message>
        <source>Looks whether the fleet is as a file expects it. 0: all of it holds, 1: something does not or is not known, 3: a part could not be reached.</source>
        <translation>检查舰队是否符合文件中的预期。0：全部符合，1：有不符合或未知的内容，3：有部分无法访问。</translation>
    </message>
    <message>
        <source>Writes JUnit XML there too, with a test case for each expectation.</source>
        <translation>同时在那里写出 JUnit XML，每项预期对应一个测试用例。</translation>
    </message>
    <message>
        <source>stops here</source>
        <translation>停在这里</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>what:</source>
        <translation>情况：</translation>
    </message>
    <message>
        <source>ruled by:</source>
        <translation>受制于：</translation>
    </message>
    <message>
        <source>certificate:</source>
        <translation>证书：</translation>
    </message>
    <message>
        <source>%1, serial %2, until %3</source>
        <translation>%1，序列号 %2，有效期至 %3</translation>
    </message>
    <message>
        <source>not told</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>issuer:</source>
        <translation>签发者：</translation>
    </message>
    <message>
        <source>not known: %1</source>
        <translation>未知：%1</translation>
    </message>
    <message>
        <source>dials:</source>
        <translation>连接目标：</translation>
    </message>
    <message>
        <source>asked:</source>
        <translation>查询结果：</translation>
    </message>
    <message>
        <source>finding:</source>
        <translation>诊断结果：</translation>
    </message>
    <message>
        <source>to know it takes:</source>
        <translation>要查明还需要：</translation>
    </message>
    <message>
        <source>reading the objects of the clusters</source>
        <translation>正在读取集群的对象</translation>
    </message>
    <message>
        <source>requests from %1/%2/%3 to %4</source>
        <translation>从 %1/%2/%3 到 %4 的请求</translation>
    </message>
    <message>
        <source>For example: explain --from cluster-1/default/sleep --url http://helloworld:5000/hello --to cluster-2</source>
        <translation>例如：explain --from cluster-1/default/sleep --url http://helloworld:5000/hello --to cluster-2</translation>
    </message>
    <message>
        <source>it is not of the form cluster/namespace/workload</source>
        <translation>它不是 cluster/namespace/workload 的形式</translation>
    </message>
    <message>
        <source>Follows one request hop by hop: what rules each hop, and where it stops. 0: it arrives, 1: it does not, 3: that is not known.</source>
        <translation>逐跳跟踪一个请求：每一跳受什么约束，停在哪里。0：到达，1：未到达，3：未知。</translation>
    </message>
    <message>
        <source>The client&apos;s workload.</source>
        <translation>客户端工作负载。</translation>
    </message>
    <message>
        <source>The cluster whose pods should answer.</source>
        <translation>其 Pod 应当应答的集群。</translation>
    </message>
    <message>
        <source>Operations mend these (--mend ID): %1</source>
        <translation>以下各项可通过操作修复（--mend ID）：%1</translation>
    </message>
    <message>
        <source>looking whether the finding is gone</source>
        <translation>查看该诊断结果是否已消失</translation>
    </message>
    <message>
        <source>Whether the finding is gone is not known: not everything could be read again.</source>
        <translation>不清楚该诊断结果是否已消失：未能重新读取全部内容。</translation>
    </message>
    <message>
        <source>The finding is still there: %1</source>
        <translation>该诊断结果仍然存在：%1</translation>
    </message>
    <message>
        <source>The finding is gone.</source>
        <translation>该诊断结果已消失。</translation>
    </message>
    <message>
        <source>Mended “%1”; steps: %2.</source>
        <translation>已修复“%1”；步骤：%2。</translation>
    </message>
    <message>
        <source>Carry out what mends this one, and look whether it is gone; its id, or the beginning of it (the rule&apos;s name).</source>
        <translation>执行修复此项的操作，并检查它是否已消失；填写其 ID，或 ID 的开头部分（规则名称）。</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>它是空的</translation>
    </message>
    <message>
        <source>A probe was left here (%1, execution %2). Take it away: %3</source>
        <translation>这里遗留了一个探针（%1，执行记录 %2）。请将其拆除：%3</translation>
    </message>
    <message>
        <source>Not asked: %1. Why stands beside the request.</source>
        <translation>未查询：%1。原因显示在该请求旁。</translation>
    </message>
    <message>
        <source>Not asked: %1. It needs a ready client there; name one with --source, or let probes of ours send: --with-probes.</source>
        <translation>未查询：%1。那里需要有就绪的客户端；请用 --source 指定一个，或让我们的探针发送：--with-probes。</translation>
    </message>
    <message>
        <source>A probe was left there; take it away: catamaranctl probes remove.</source>
        <translation>那里遗留了一个探针；请将其拆除：catamaranctl probes remove。</translation>
    </message>
    <message>
        <source>nobody knows whether an earlier probe still stands: %1</source>
        <translation>无从得知先前的探针是否仍然存在：%1</translation>
    </message>
    <message>
        <source>taken away, of a console that had ended: %1</source>
        <translation>已拆除，所属控制台已退出：%1</translation>
    </message>
    <message>
        <source>%1 stands: %2</source>
        <translation>%1 仍存在：%2</translation>
    </message>
    <message>
        <source>Put a probe of ours into each cluster that has no client, send from there, and take it away again. Where and with which image the environment file says (probe), or the next options.</source>
        <translation>在每个没有客户端的集群中放置我们的探针，从那里发送，然后将其拆除。位置和镜像由环境文件（probe）或后面的选项指定。</translation>
    </message>
    <message>
        <source>The image of probes, with sh and curl.</source>
        <translation>探针的镜像，含有 sh 和 curl。</translation>
    </message>
    <message>
        <source>Probes are Deployments of one pod in this namespace.</source>
        <translation>探针是此命名空间中单 Pod 的 Deployment。</translation>
    </message>
    <message>
        <source>The probe is a container that is added to this pod, or to one of this Deployment (once per cluster).</source>
        <translation>探针是一个容器，添加到此 Pod 或此 Deployment 的某个 Pod 中（每个集群一次）。</translation>
    </message>
    <message>
        <source>Name an image that has sh and curl.</source>
        <translation>请指定含有 sh 和 curl 的镜像。</translation>
    </message>
    <message>
        <source>where probes are to stand is not said</source>
        <translation>没有说明探针要放在哪里</translation>
    </message>
    <message>
        <source>Give either --probe-namespace or --probe-pod.</source>
        <translation>请给出 --probe-namespace 或 --probe-pod 之一。</translation>
    </message>
    <message>
        <source>“%1” is not a namespace</source>
        <translation>“%1”不是命名空间</translation>
    </message>
    <message>
        <source>“%1” is not of the form cluster/namespace/name</source>
        <translation>“%1”不是“集群/命名空间/名称”的形式</translation>
    </message>
    <message>
        <source>put probes into the clusters</source>
        <translation>在集群中放置探针</translation>
    </message>
    <message>
        <source>the environment does not say where probes may stand and with which image</source>
        <translation>环境没有说明探针可以放在哪里、使用哪个镜像</translation>
    </message>
    <message>
        <source>Write it into the environment file once: probe: { image: IMAGE, namespace: NAMESPACE }, or give --probe-image with --probe-namespace or --probe-pod.</source>
        <translation>请一次性写入环境文件：probe: { image: IMAGE, namespace: NAMESPACE }，或给出 --probe-image 以及 --probe-namespace 或 --probe-pod。</translation>
    </message>
    <message>
        <source>NOT TAKEN AWAY: %1</source>
        <translation>未拆除：%1</translation>
    </message>
    <message>
        <source>The journal could not be told: %1</source>
        <translation>无法记入操作日志：%1</translation>
    </message>
    <message>
        <source>Try again: %1</source>
        <translation>重试：%1</translation>
    </message>
    <message>
        <source>requests from the probe in %1</source>
        <translation>来自 %1 中探针的请求</translation>
    </message>
    <message>
        <source>left: its console has ended</source>
        <translation>遗留：其控制台已退出</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>of another machine</source>
        <translation>属于另一台机器</translation>
    </message>
    <message>
        <source>No probe stands anywhere.</source>
        <translation>任何地方都没有探针。</translation>
    </message>
    <message>
        <source>No probe was seen, and not every cluster was read.</source>
        <translation>没有看到探针，但并非每个集群都已读取。</translation>
    </message>
    <message>
        <source>PROBE</source>
        <translation>探针</translation>
    </message>
    <message>
        <source>WHOSE</source>
        <translation>归属</translation>
    </message>
    <message>
        <source>the environment has no cluster of this name</source>
        <translation>环境没有该名称的集群</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>已消失</translation>
    </message>
    <message>
        <source>NOT GONE</source>
        <translation>未消失</translation>
    </message>
    <message>
        <source>%1 is of another machine, which may still use it (%2). With --yes it is taken away all the same.</source>
        <translation>%1 属于另一台机器，对方可能仍在使用它（%2）。使用 --yes 时仍会将其拆除。</translation>
    </message>
    <message>
        <source>Shows the probes that stand in the clusters, plans some, or takes away what was left.</source>
        <translation>显示集群中存在的探针，制定探针计划，或拆除遗留的探针。</translation>
    </message>
    <message>
        <source>Name the clusters.</source>
        <translation>请指定集群。</translation>
    </message>
    <message>
        <source>It is list, plan or remove.</source>
        <translation>可用值为 list、plan 或 remove。</translation>
    </message>
    <message>
        <source>longer: %1</source>
        <translation>更长：%1</translation>
    </message>
    <message>
        <source>up to %1 ms: %2</source>
        <translation>不超过 %1 ms：%2</translation>
    </message>
    <message>
        <source>Latency, from when each was due</source>
        <translation>延迟，均从应发送的时刻算起</translation>
    </message>
    <message>
        <source>Expectation</source>
        <translation>预期</translation>
    </message>
    <message>
        <source>Shares changed</source>
        <translation>占比变化</translation>
    </message>
    <message>
        <source>with request %1, at %2</source>
        <translation>自请求 %1 起，于 %2</translation>
    </message>
    <message>
        <source>No mesh is known: no control plane runs in the clusters, and the environment has no cloud account.</source>
        <translation>没有已知的网格：集群中没有运行控制面，环境也没有云账号。</translation>
    </message>
    <message>
        <source>meshes</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>not ours</source>
        <translation>不属于我们</translation>
    </message>
    <message>
        <source>CONTROL PLANE</source>
        <translation>控制面</translation>
    </message>
    <message>
        <source>REVISION</source>
        <translation>修订版</translation>
    </message>
    <message>
        <source>MESH ID</source>
        <translation>网格 ID</translation>
    </message>
    <message>
        <source>TRUST DOMAIN</source>
        <translation>信任域</translation>
    </message>
    <message>
        <source>ROOT</source>
        <translation>根证书</translation>
    </message>
    <message>
        <source>FACT</source>
        <translation>事实</translation>
    </message>
    <message>
        <source>NOT KNOWN BECAUSE</source>
        <translation>未知原因</translation>
    </message>
    <message>
        <source>RIGHT</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>up to %1 ms</source>
        <translation>不超过 %1 ms</translation>
    </message>
    <message>
        <source>longer than %1 ms</source>
        <translation>超过 %1 ms</translation>
    </message>
    <message>
        <source>LATENCY</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>EXPECTED</source>
        <translation>预期</translation>
    </message>
    <message>
        <source>, each from when it was due</source>
        <translation>，均从应发送的时刻算起</translation>
    </message>
    <message>
        <source>The shares changed with request %1, at %2: %3 before, %4 after.</source>
        <translation>占比自请求 %1 起（%2）发生变化：之前 %3，之后 %4。</translation>
    </message>
    <message>
        <source>%1: nothing was sent. %2</source>
        <translation>%1：未发送任何请求。%2</translation>
    </message>
    <message>
        <source>Together, from %1 sources: %2</source>
        <translation>来自 %1 个来源，合计：%2</translation>
    </message>
    <message>
        <source>%1 is named twice</source>
        <translation>%1 被指定了两次</translation>
    </message>
    <message>
        <source>The workload to send from. Given several times, all of them send at the same time.</source>
        <translation>用于发送请求的工作负载。可多次指定，所有指定的工作负载同时发送。</translation>
    </message>
    <message>
        <source>“%1” is not of the form name=value</source>
        <translation>“%1”不是 name=value 的形式</translation>
    </message>
    <message>
        <source>Write for example -p target=cluster-1/shop/till.</source>
        <translation>请按此形式书写：-p target=cluster-1/shop/till。</translation>
    </message>
    <message>
        <source>%1 is given twice</source>
        <translation>%1 出现了两次</translation>
    </message>
    <message>
        <source>%1; of these %2 were due and could not be sent</source>
        <translation>%1；其中 %2 个到时应发送而未能发送</translation>
    </message>
    <message>
        <source>no version</source>
        <translation>无版本</translation>
    </message>
    <message>
        <source>no good answer</source>
        <translation>没有正常应答</translation>
    </message>
    <message>
        <source>First failure after</source>
        <translation>首次失败用时</translation>
    </message>
    <message>
        <source>Full shift after</source>
        <translation>完全切换用时</translation>
    </message>
    <message>
        <source>Longest time without a good answer</source>
        <translation>无正常应答的最长时间</translation>
    </message>
    <message>
        <source>Good again after the restore</source>
        <translation>恢复后正常用时</translation>
    </message>
    <message>
        <source>%1 of %2 failed; %3</source>
        <translation>%2 个中 %1 个失败；%3</translation>
    </message>
    <message>
        <source>FIGURE</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>TO BE GIVEN</source>
        <translation>需给出</translation>
    </message>
    <message>
        <source>(to be given)</source>
        <translation>（需给出）</translation>
    </message>
    <message>
        <source>Hypothesis</source>
        <translation>假设</translation>
    </message>
    <message>
        <source>PARAMETER</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>TYPE</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>DEFAULT</source>
        <translation>默认值</translation>
    </message>
    <message>
        <source>STAGE</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>FAULT</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>NEEDS</source>
        <translation>需要</translation>
    </message>
    <message>
        <source>TAKEN BACK</source>
        <translation>恢复方式</translation>
    </message>
    <message>
        <source>Nothing speaks against running it here now; what the other side answers is asked when it begins.</source>
        <translation>目前没有什么妨碍在此运行；另一侧能否应答会在开始时查询。</translation>
    </message>
    <message>
        <source>It cannot run here now: %1</source>
        <translation>现在无法在此运行：%1</translation>
    </message>
    <message>
        <source>what a drill may have left of it is not seen without its journal: %1</source>
        <translation>没有它的操作日志，就看不到演练可能留下的内容：%1</translation>
    </message>
    <message>
        <source>DIFFERENCE</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>only run and show take parameters</source>
        <translation>只有 run 和 show 接受参数</translation>
    </message>
    <message>
        <source>it wants the numbers of two drills</source>
        <translation>需要两次演练的编号</translation>
    </message>
    <message>
        <source>It is one of: list, show FILE, run FILE, history, restore, report [ID], compare ID ID.</source>
        <translation>可以是：list, show FILE, run FILE, history, restore, report [ID], compare ID ID。</translation>
    </message>
    <message>
        <source>Rehearses failures: list, show FILE, run FILE, history, restore, report [ID], compare ID ID.</source>
        <translation>演练故障：list, show FILE, run FILE, history, restore, report [ID], compare ID ID。</translation>
    </message>
    <message>
        <source>With run and show: a parameter of the drill; again for each.</source>
        <translation>与 run 和 show 一起使用：演练的一个参数；每个参数重复一次。</translation>
    </message>
    <message>
        <source>With run: also where it is not proven that another side can take over.</source>
        <translation>与 run 一起使用：即使未证明另一侧能够接管，也照样运行。</translation>
    </message>
    <message>
        <source>With run: a process of its own stands sentry, and puts everything back when this one is killed.</source>
        <translation>与 run 一起使用：由一个独立进程值守，本进程被强行终止时恢复所有改动。</translation>
    </message>
    <message>
        <source>With run and report: write the result to this file: a page, or by its name .json or .xml (JUnit).</source>
        <translation>与 run 和 report 一起使用：将结果写入此文件：网页，或按文件名为 .json 或 .xml（JUnit）。</translation>
    </message>
    <message>
        <source>It would begin only with --yes-unproven: %1</source>
        <translation>只有加上 --yes-unproven 才会开始：%1</translation>
    </message>
    <message>
        <source>Nothing is seen that is to be restored; not everything could be looked at.</source>
        <translation>未看到需要还原的内容；但并非全部都能查看。</translation>
    </message>
    <message>
        <source>Guard: %1</source>
        <translation>防护：%1</translation>
    </message>
    <message>
        <source>FROM</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>SO FAR</source>
        <translation>至今</translation>
    </message>
    <message>
        <source>came to %1</source>
        <translation>达到 %1</translation>
    </message>
    <message>
        <source>Requests per second, at most 500 over new connections: each goes out when it is due, whether or not others hang. Default: as fast as answers come.</source>
        <translation>每秒请求数，使用新连接时最多 500：每个请求到时即发出，不论其他请求是否挂起。默认：应答多快就多快。</translation>
    </message>
</context>
</TS>
