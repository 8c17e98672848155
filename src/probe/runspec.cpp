// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"

#include "core/shellquoted.h"
#include "core/wholepattern.h"
#include "probe/say.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace catamaran::probe {

namespace {

using core::ErrorKind;
using namespace std::chrono_literals;

// POSIX sh, nothing but curl and (where there is one) sleep. Everything that changes is a positional argument, never
// part of the script: an URL cannot become a command. `Connection: close` makes curl open a new TCP connection for each
// request, as a loop of curl commands does. What it prints for each request is told in lineparser.cpp; in the terminal that
// the run asks for, curl's output leaves line by line instead of in blocks of 4 KiB, and `-o -` lets it print any bytes there.
//
// Which curl is there is asked, not assumed. From 7.75 on one process sends all requests: "url#[1-n]" is curl's own
// repetition (the fragment never goes out), and %{exitcode} and %{errormsg} say how each ended. An older one cannot say it:
// there each request is a process of its own, and the shell adds that process's exit code and words; so it is too where
// --rate (7.84) is wanted and not there. Decimal times came with 7.32, %{remote_ip} with 7.29.
// Exit codes of the script's own: RunSpec::Exit.
//
// Where a rate is wanted and not too high a one, a request goes out when it is due, whether or not the ones before it have come
// back: each is a process of its own, so many at a time as may be ($most, 0: one after the other), and it prints its record in one
// piece, for others print beside it. Of its body only the first line is kept; what has a single line of more than the 64 KiB of
// a pipe takes longer than it would. A request that cannot be sent, because too many are under way or it is ten seconds late, is
// told as such. The clock is /proc/uptime, in hundredths: no process is needed to read it; where there is none, requests go out one
// after the other.
//
// A process each carries no more than some 50 a second. Beyond, as many as RunSpec::together() are due at one time, and one curl sends
// them side by side (-Z). Their bodies come apart by pipes of their own: a here-document is a pipe that already has a number, and curl
// opens it once more by /proc to write there; there are seven such numbers in every shell. Nobody empties it meanwhile, so of an answer
// that says to be larger than what a pipe holds the body is left out (curl's 63). Of a curl that dies each request is told as failed.
//
// What is between #<NAME and #NAME> (open, each, group, closed) goes along only where it is wanted, and nothing is indented when it goes
// out: a command travels in the address of a request, each special character of it as three, and what stands between us and an API server
// may take no more than 8 KiB of that.
//
// The watchdog ends a command whose console has gone: closing the stream does not end what runs in the pod. It takes its
// own sleep with it, and both go when the run is interrupted: nothing of a run stays behind in somebody's pod.
constexpr char script[] = R"sh(url=$1 count=$2 hourly=$3 pause=$4 keep=$5 timeout=$6 limit=$7 mark=$8 resolve=$9
shift 9
most=$1
#<group
together=$2
#group>
LC_ALL=C
export LC_ALL
command -v curl >/dev/null 2>&1 || { echo 'there is no curl in this container'; exit 127; }
version=$(curl -q -V 2>/dev/null)
version=${version#curl }
version=${version%%[!0-9.]*}
major=${version%%.*}
minor=${version#*.}
minor=${minor%%.*}
if [ -n "$major" ] && [ -n "$minor" ]; then
  if [ "$major" -lt 7 ] || { [ "$major" -eq 7 ] && [ "$minor" -lt 29 ]; }; then
    echo "curl $version"
    exit 125
  fi
fi
curl -q --max-time 0.1 -V >/dev/null 2>&1 || case $timeout in
  *.000) timeout=${timeout%.*} ;;
  *) timeout=$((${timeout%.*} + 1)) ;;
esac
#<open
clock() {
  up=
  read -r up rest 2>/dev/null </proc/uptime
  case $up in
    *[!0-9.]* | *.*.*) return 1 ;;
    [0-9]*.[0-9][0-9]) now=${up%.*}${up#*.} ;;
    *) return 1 ;;
  esac
}
#open>
open=0 one=0
#<open
clock && command -v sleep >/dev/null 2>&1 && [ -e /proc/self/fd/1 ] && open=1
#open>
#<group
if [ "$open$(curl -q -s -Z --no-progress-meter --parallel-immediate -w '%{urlnum}%{exitcode}' file:///dev/null 2>/dev/null)" != 100 ]; then
  [ "$open" = 1 ] && echo "curl $version" || echo 'no /proc'
  exit 123
fi
#group>
#<closed
if [ "$open" = 0 ]; then
  case $(curl -q -s -w '%{exitcode}' file:///dev/null 2>/dev/null) in
    '' | *[!0-9]*) ;;
    *) one=1 ;;
  esac
  [ "$hourly" = 0 ] || curl -q --rate 1/s -V >/dev/null 2>&1 || one=0
fi
if [ "$keep$one" = 10 ]; then
  echo "curl $version"
  exit 124
fi
#closed>
(trap 'kill "$!"; exit' TERM; sleep "$limit" & wait "$!" && kill $$) </dev/null >/dev/null 2>&1 &
watchdog=$!
trap 'kill "$watchdog" 2>/dev/null; exit 130' INT
trap 'kill "$watchdog" 2>/dev/null; exit 129' HUP
rs=$(printf '\036')
tab=$(printf '\t')
nl='
'
values='%{http_code}\t%{num_connects}\t%{time_total}\t%{time_connect}\t%{time_starttransfer}\t%{size_download}\t%{remote_ip}\t'
record="\\n$rs$mark\\t$values"
set -- -q -s -N --max-time "$timeout" --connect-timeout "$timeout"
[ "$keep" = 1 ] || set -- "$@" -H 'Connection: close'
[ -z "$resolve" ] || set -- "$@" --resolve "$resolve"
code=0
#<each
start() {
  body= more=
  IFS= read -r body
  IFS= read -r more || [ -n "$more" ] && { cat >/dev/null || while IFS= read -r more; do :; done; }
  body=${body%%"$rs"*}
  printf '%.512s' "$body"
}
request() {
  id=$1 after=$2
  shift 2
  all=$({
    {
      curl "$@" -S -o /proc/self/fd/5 -w "$rs$values" "$url" >&3 2>&1
      printf '%s\t' "$?" >&3
    } 5>&1 | start 2>/dev/null
  } 3>&1)
  case $all in
    *"$rs"*) said=${all%%"$rs"*}; all=${all#*"$rs"} ;;
    *)
      said=${all%"$tab"*}
      code=${said##*"$nl"}
      [ "$said" != "$code" ] || said=
      [ "$code" -le 128 ] || said="curl was killed by signal $((code - 128))"
      all="000${tab}0${tab}0${tab}0${tab}0${tab}0$tab$tab$code$tab" ;;
  esac
  case $said in
    *'curl: ('*) said=${said#*'curl: ('}; said=${said#*') '} ;;
  esac
  said=${said%%"$nl"*}
  said=${said%%"$tab"*}
  printf '%s%s\t@%s\t%s\t%.200s\t%s%s\n' "$rs" "$mark" "$id" "$after" "$said" "$all" "$rs"
}
#each>
#<group
tell() {
  said=${said%%"$rs"*}
  printf '%s%s\t@%s\t%s\t%.200s\t%s\t%.512s%s\n' "$rs" "$mark" "$((id + one))" "$after" "${said%%"$tab"*}" "$all" "${body%%"$rs"*}" "$rs"
}
request() {
  id=$1 after=$2 size=$3
  shift 3
  one=0 left=' '
  while [ "$one" -lt "$size" ]; do
    set -- "$@" -o "/proc/self/fd/$((one + 3))" "$url"
    left="$left$one "
    one=$((one + 1))
  done
  {
    {
      curl "$@" -Z --no-progress-meter --parallel-immediate --max-filesize 60000 -w "%{stderr}$rs%{urlnum}\\t$values%{exitcode}$rs%{errormsg}\\n" 2>&1
      echo "$rs!$?"
    } | while IFS= read -r all; do
      body=
      case $all in
        "$rs!"*)
          code=${all#"$rs!"}
          said="curl ended with $code"
          [ "$code" -le 128 ] || said="curl was killed by signal $((code - 128))"
          all="000${tab}0${tab}0${tab}0${tab}0${tab}0$tab$tab$code"
          for one in $left; do tell; done ;;
        "$rs"[0-6]"$tab"*"$rs"*)
          all=${all#"$rs"}
          one=${all%%"$tab"*} said=${all#*"$rs"}
          all=${all#*"$tab"}
          all=${all%%"$rs"*}
          case $left in *" $one "*) ;; *) continue ;; esac
          left="${left%%" $one "*} ${left#*" $one "}"
          IFS= read -r body <&$((one + 3))
          tell ;;
      esac
    done
  } 3<<E 4<<E 5<<E 6<<E 7<<E 8<<E 9<<E
E
E
E
E
E
E
E
}
#group>
#<open
if [ "$open" = 1 ]; then
  clock
  begin=$now n=0 busy=0 running=
  while [ "$n" -lt "$count" ]; do
    due=$((begin + n * 360000 / hourly))
    clock
    while [ "$now" -lt "$due" ]; do
      wait_s=$(((due - now) / 100)) wait_c=$(((due - now) % 100))
      [ "$wait_c" -gt 9 ] || wait_c=0$wait_c
      sleep "$wait_s.$wait_c" 2>/dev/null || sleep 1
      clock
    done
    if [ "$busy" -ge "$most" ]; then
      (:)
      busy=0 still=
      for child in $running; do
        kill -0 "$child" 2>/dev/null && { still="$still $child"; busy=$((busy + 1)); }
      done
      running=$still
    fi
#open>
#<each
    if [ "$busy" -ge "$most" ] || [ $((now - due)) -gt 1000 ]; then
      printf '%s%s\t!%s%s\n' "$rs" "$mark" "$n" "$rs"
    else
      request "$n" $((now - due)) "$@" &
      running="$running $!" busy=$((busy + 1))
    fi
    n=$((n + 1))
#each>
#<group
    next=$((n + together))
    [ "$next" -le "$count" ] || next=$count
    if [ "$busy" -ge "$most" ] || [ $((now - due)) -gt 1000 ]; then
      while [ "$n" -lt "$next" ]; do
        printf '%s%s\t!%s%s\n' "$rs" "$mark" "$n" "$rs"
        n=$((n + 1))
      done
    else
      request "$n" $((now - due)) $((next - n)) "$@" &
      running="$running $!" busy=$((busy + 1))
    fi
    n=$next
#group>
#<open
  done
  for child in $running; do
    wait "$child"
  done
fi
#open>
#<closed
if [ "$open$one" = 01 ]; then
  set -- "$@" -o -
  [ "$hourly" = 0 ] || set -- "$@" --rate "$hourly/h"
  curl "$@" -w "$record%{exitcode}\\t%{errormsg}$rs\\n" "$url#[1-$count]"
  code=$?
elif [ "$open" = 0 ]; then
  set -- "$@" -o -
  exec 3>&1
  n=0
  while [ "$n" -lt "$count" ]; do
    said=$(curl "$@" -S -w "$record" "$url" 2>&1 >&3)
    code=$?
    if [ "$code" = 2 ]; then
      printf '%s\n' "$said"
      break
    fi
    case $said in
      *'curl: ('*) said=${said#*'curl: ('}; said=${said#*') '} ;;
    esac
    if [ "$code" -gt 128 ]; then
      printf '\n%s%s\t000\t0\t0\t0\t0\t0\t\t' "$rs" "$mark"
      said="curl was killed by signal $((code - 128))"
    fi
    printf '%s\t%s%s\n' "$code" "$said" "$rs"
    n=$((n + 1))
    [ "$n" = "$count" ] || [ "$hourly" = 0 ] || sleep "$pause" 2>/dev/null || sleep 1
  done
fi
#closed>
kill "$watchdog" 2>/dev/null
exit "$code"
)sh";

QString scriptFor(const RunSpec &run)
{
    QStringList wanted { QStringLiteral("closed") };
    if (run.together() > 1) // or it is refused, so what sends one after the other is not needed
        wanted = { QStringLiteral("open"), QStringLiteral("group") };
    else if (run.isOpenLoop())
        wanted << QStringLiteral("open") << QStringLiteral("each");
    QString text;
    bool goesAlong = true;
    for (const QString &line : QString::fromLatin1(script).split(u'\n', Qt::SkipEmptyParts)) {
        const QString words = line.trimmed();
        if (words.startsWith(QLatin1StringView("#<")))
            goesAlong = wanted.contains(words.mid(2));
        else if (words.startsWith(u'#') && words.endsWith(u'>'))
            goesAlong = true;
        else if (goesAlong)
            text += words + u'\n';
    }
    return text;
}

constexpr int endlessCount = 100'000'000;
constexpr auto endlessLimit = 24h;

QString seconds(std::chrono::milliseconds time)
{
    return QString::number(double(time.count()) / 1000.0, 'f', 3);
}

/// For curl: no fragment, and what its repetition would read as a pattern taken literally.
QString curlUrl(const QString &text)
{
    QUrl url(text, QUrl::StrictMode);
    url.setFragment({});
    QString encoded = QString::fromLatin1(url.toEncoded());
    static const QRegularExpression pattern(QStringLiteral("([\\[\\]{}])"));
    return encoded.replace(pattern, QStringLiteral("\\\\1"));
}

/// "helloworld:5000:10.0.0.7" for curl's --resolve: the request stays the same, only its way is given. Empty without an address.
QString resolution(const RunSpec &spec)
{
    if (spec.address.isEmpty())
        return {};
    const QUrl url(spec.url, QUrl::StrictMode);
    const int port = url.port(url.scheme() == u"https" ? 443 : 80);
    const QString address = spec.address.contains(u':') ? u'[' + spec.address + u']' : spec.address;
    return QStringLiteral("%1:%2:%3").arg(url.host(QUrl::FullyEncoded)).arg(port).arg(address);
}

core::Result<core::Done> wrong(const QString &field, const QString &answer, const QString &remedy)
{
    return core::fail(ErrorKind::InvalidInput, Say::tr("start requests"), field, answer, remedy);
}

} // namespace

core::Result<Source> Source::parse(const QString &text)
{
    static const QRegularExpression label = core::wholePattern(QStringLiteral("[a-z0-9]([-a-z0-9.]*[a-z0-9])?"));
    const QStringList parts = text.split(u'/');
    bool ok = parts.size() == 3;
    for (const QString &part : parts)
        ok = ok && part.size() <= 253 && label.match(part).hasMatch();
    if (!ok) {
        return core::fail(ErrorKind::InvalidInput, Say::tr("read the source"), text.left(200),
            Say::tr("it is not of the form cluster/namespace/workload"), Say::tr("Write for example cluster-1/default/sleep."));
    }
    return Source { parts[0], parts[1], parts[2] };
}

core::Result<core::Done> RunSpec::check(bool endless) const
{
    if (source.cluster.isEmpty() || source.ns.isEmpty() || source.workload.isEmpty())
        return wrong(QStringLiteral("source"), Say::tr("no workload to send from"), Say::tr("Name it as cluster/namespace/workload."));
    if (url.trimmed().isEmpty())
        return wrong(QStringLiteral("url"), Say::tr("no URL"), Say::tr("Write for example http://helloworld:5000/hello."));
    const QUrl parsed(url, QUrl::StrictMode);
    if (!parsed.isValid() || parsed.host().isEmpty() || url.size() > 4096)
        return wrong(QStringLiteral("url"), Say::tr("“%1” is not a URL").arg(url.left(200)),
            Say::tr("Write for example http://helloworld:5000/hello."));
    if (parsed.scheme() != u"http" && parsed.scheme() != u"https")
        return wrong(QStringLiteral("url"), Say::tr("scheme “%1”").arg(parsed.scheme()), Say::tr("Only http and https can be sent."));
    if (!parsed.userInfo().isEmpty())
        return wrong(QStringLiteral("url"), Say::tr("the URL holds a user name or password"),
            Say::tr("Leave them out: the command line in the pod can be read by others."));
    if (count < 0 || count > endlessCount)
        return wrong(QStringLiteral("count"), Say::tr("%1 requests").arg(count), Say::tr("Give a number from 1 to %1.").arg(endlessCount));
    if (duration < 0ms || duration > endlessLimit)
        return wrong(QStringLiteral("duration"), Say::tr("%1 ms").arg(duration.count()), Say::tr("Give at most 24 hours."));
    if (count == 0 && duration == 0ms && !endless)
        return wrong(
            QStringLiteral("count"), Say::tr("neither a count nor a duration"), Say::tr("Say how many requests to send, or for how long."));
    if (!std::isfinite(rate) || rate < 0 || rate > 1000 || (rate > 0 && rate < 0.001))
        return wrong(QStringLiteral("rate"), Say::tr("%1 requests per second").arg(rate),
            Say::tr("Give 0.001 to 1000, or 0 for as fast as answers come."));
    if (rate > openLoopUpTo && !keepAlive)
        return wrong(QStringLiteral("rate"), Say::tr("%1 requests per second").arg(rate),
            Say::tr("Give at most %1 for one source, or send from several.").arg(openLoopUpTo));
    if (!address.isEmpty() && QHostAddress(address).isNull())
        return wrong(QStringLiteral("address"), Say::tr("“%1” is not an IP address").arg(address.left(80)),
            Say::tr("Leave it out to let the pod resolve the name."));
    static const QRegularExpression label = core::wholePattern(QStringLiteral("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));
    if (!container.isEmpty() && !label.match(container).hasMatch())
        return wrong(QStringLiteral("container"), Say::tr("“%1” cannot be the name of a container").arg(container.left(80)),
            Say::tr("Leave it out to take the one that kubectl would take."));
    if (requestTimeout < 10ms || requestTimeout > 10min)
        return wrong(
            QStringLiteral("requestTimeout"), Say::tr("%1 ms").arg(requestTimeout.count()), Say::tr("Give 10 milliseconds to 10 minutes."));
    return core::Done {};
}

QStringList RunSpec::command(const QByteArray &mark) const
{
    // The console ends a timed run itself; the limit is for the case that it cannot.
    auto limit = std::chrono::duration_cast<std::chrono::seconds>(endlessLimit);
    if (duration > 0ms)
        limit = std::chrono::ceil<std::chrono::seconds>(duration + requestTimeout) + 30s;
    const auto hourly = rate > 0 ? qint64(std::llround(rate * 3600)) : 0;
    return { QStringLiteral("sh"), QStringLiteral("-c"), scriptFor(*this), QStringLiteral("catamaran-probe"), curlUrl(url),
        QString::number(due() > 0 ? due() : endlessCount), QString::number(hourly),
        rate > 0 ? QString::number(1 / rate, 'f', 3) : QStringLiteral("0"), keepAlive ? QStringLiteral("1") : QStringLiteral("0"),
        seconds(requestTimeout), QString::number(limit.count()), QString::fromLatin1(mark), resolution(*this),
        QString::number(isOpenLoop() ? mostAtOnce : 0), QString::number(together()) };
}

int RunSpec::together() const
{
    if (!isOpenLoop() || rate <= eachAloneUpTo)
        return 1;
    constexpr double groupsPerSecond = 72; // what the shell can start
    const double underWay = rate * double(requestTimeout.count()) / 1000; // when all hang
    return int(std::clamp(std::ceil(std::max(rate / groupsPerSecond, underWay / mostAtOnce)), 2.0, double(mostTogether)));
}

int RunSpec::due() const
{
    if (!isOpenLoop() || duration <= 0ms)
        return count;
    const int within = int(std::clamp<qint64>(std::llround(double(duration.count()) / 1000 * rate), 1, endlessCount));
    return count > 0 ? std::min(count, within) : within;
}

QString RunSpec::asKubectl(const kube::ByHand &cluster) const
{
    using core::shellQuoted;
    const auto inPod = [&](const QStringList &command) {
        QStringList words { QStringLiteral("-n"), source.ns, QStringLiteral("exec"),
            pod.isEmpty() ? QStringLiteral("deploy/") + source.workload : pod };
        if (!container.isEmpty())
            words << QStringLiteral("-c") << container;
        return cluster.kubectl(words + QStringList { QStringLiteral("--") } + command);
    };
    QStringList curl { QStringLiteral("curl"), QStringLiteral("-s"), QStringLiteral("--max-time"),
        QString::number(double(requestTimeout.count()) / 1000.0) };
    if (!address.isEmpty())
        curl << QStringLiteral("--resolve") << resolution(*this);
    if (keepAlive) {
        if (rate > 0)
            curl << QStringLiteral("--rate") << QStringLiteral("%1/h").arg(qint64(std::llround(rate * 3600)));
        return inPod(curl << curlUrl(url) + QStringLiteral("#[1-%1]").arg(count > 0 ? count : endlessCount));
    }
    const QString pause = rate > 0 ? QStringLiteral(" sleep %1;").arg(1 / rate, 0, 'g', 3) : QString();
    const QString loop = count > 0 ? QStringLiteral("for i in $(seq 1 %1)").arg(count) : QStringLiteral("while true");
    return inPod({ QStringLiteral("sh"), QStringLiteral("-c"),
        QStringLiteral("%1; do %2;%3 done").arg(loop, shellQuoted(curl << curlUrl(url)), pause) });
}

} // namespace catamaran::probe
