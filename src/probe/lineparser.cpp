// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cmath>

// What one request prints (runspec.cpp): the body as it came, a newline, then
//   RS mark TAB code TAB connects TAB total TAB connect TAB first byte TAB size TAB address TAB exit TAB message RS newline
// or, where requests do not wait for each other, one line that nobody else prints into:
//   RS mark TAB @number TAB late TAB message TAB code TAB connects TAB total TAB connect TAB first byte TAB size TAB address TAB exit
//   TAB first line of the body RS newline
//   RS mark TAB !number RS newline       due and never sent
// RS is 0x1e; number: the request's, from 0, in the order in which they are due; late: hundredths of a second after that. `size` is the
// length of the body: what stands before a record beyond it was printed by somebody else. The command runs in a terminal, so every newline
// may come as CR LF. The mark is the run's own secret: without it anybody who answers could print what looks like the next requests.
namespace catamaran::probe {

namespace {

constexpr char recordSeparator = '\x1e';
constexpr qsizetype maximumTrailer = 4096;
constexpr qsizetype maximumBuffer = 65536;
constexpr qsizetype keptStart = 2048; ///< of an over-long body
constexpr int rawLimit = 512;

struct Trailer {
    int httpCode = 0, curlExit = 0, connects = 0;
    double total = 0, connect = 0, firstByte = 0;
    qint64 size = 0;
    QString remote, message;
};

bool readInt(const QByteArray &text, int maximum, int &value)
{
    bool ok = false;
    value = text.toInt(&ok);
    return ok && value >= 0 && value <= maximum;
}

/// "0.004500", or "4500" of curl 7.74, which prints whole microseconds.
bool readSeconds(const QByteArray &text, double &value)
{
    bool ok = false;
    value = text.toDouble(&ok);
    if (!text.contains('.'))
        value /= 1e6;
    return ok && value >= 0 && value < 1e6;
}

std::optional<Trailer> parseTrailer(const QByteArray &text)
{
    const QList<QByteArray> fields = text.split('\t');
    if (fields.size() < 9)
        return {};
    Trailer trailer;
    bool sizeOk = false;
    trailer.size = fields[5].toLongLong(&sizeOk);
    if (!readInt(fields[0], 999, trailer.httpCode) || !readInt(fields[1], 1000, trailer.connects) || !readSeconds(fields[2], trailer.total)
        || !readSeconds(fields[3], trailer.connect) || !readSeconds(fields[4], trailer.firstByte) || !sizeOk || trailer.size < 0
        || !readInt(fields[7], 255, trailer.curlExit))
        return {};
    trailer.remote = QString::fromUtf8(fields[6]).left(64);
    trailer.message = QString::fromUtf8(fields.mid(8).join('\t')).simplified().left(rawLimit);
    return trailer;
}

/// "@7" or "!7": the number.
std::optional<int> readNumber(const QByteArray &field, char kind)
{
    int number = 0;
    if (field.isEmpty() || field.front() != kind || !readInt(field.mid(1), 1'000'000'000, number))
        return {};
    return number;
}

struct OpenRecord {
    int number = 0;
    std::optional<Sample> sample; ///< nothing: never sent
};

QByteArray withoutCarriageReturns(QByteArray text)
{
    return text.replace("\r\n", "\n");
}

/// Takes off the one newline that the command puts before its record.
QByteArray withoutLastNewline(const QByteArray &text)
{
    if (text.endsWith("\r\n"))
        return text.chopped(2);
    return text.endsWith('\n') ? text.chopped(1) : text;
}

QString firstLine(const QByteArray &body)
{
    const qsizetype end = body.indexOf('\n');
    return QString::fromUtf8(end < 0 ? body : body.left(end)).trimmed().left(rawLimit);
}

Sample makeSample(const Trailer &trailer, const QByteArray &body)
{
    Sample sample;
    sample.httpCode = trailer.httpCode;
    sample.curlExit = trailer.curlExit;
    // curl counts microseconds: 0.000271 s is 0.271 ms, not 0.27099999999999996.
    const auto milliseconds = [](double seconds) { return std::round(seconds * 1e6) / 1e3; };
    sample.totalMs = milliseconds(trailer.total);
    sample.connectMs = milliseconds(trailer.connect);
    sample.firstByteMs = milliseconds(trailer.firstByte);
    sample.remoteAddress = trailer.remote;
    sample.newConnection = trailer.connects > 0;
    sample.raw = firstLine(body);
    std::tie(sample.version, sample.instance) = parseAnswer(sample.raw);
    if (!sample.ok()) {
        sample.error = trailer.message;
        if (sample.error.isEmpty())
            sample.error = sample.raw;
        if (sample.error.isEmpty() && sample.httpCode != 0)
            sample.error = QStringLiteral("HTTP %1").arg(sample.httpCode);
    }
    return sample;
}

std::optional<OpenRecord> parseOpen(const QByteArray &text)
{
    const QList<QByteArray> fields = text.split('\t');
    if (const auto unsent = readNumber(fields.first(), '!'); unsent && fields.size() == 1)
        return OpenRecord { *unsent, {} };
    const auto number = readNumber(fields.first(), '@');
    int late = 0;
    if (!number || fields.size() < 12 || !readInt(fields[1], 100'000'000, late))
        return {};
    // The fields of the other kind, with the message behind them.
    const auto trailer = parseTrailer((fields.mid(3, 8) << fields[2]).join('\t'));
    if (!trailer)
        return {};
    constexpr int tooLargeToTake = 63; // ours: what we let it take (runspec.cpp), and no fault of who answered
    Trailer told = *trailer;
    if (told.curlExit == tooLargeToTake && told.httpCode > 0) {
        told.curlExit = 0;
        told.message.clear();
    }
    OpenRecord record { *number, makeSample(told, fields.mid(11).join('\t')) };
    record.sample->lateMs = late * 10.0;
    return record;
}

/// Those without a time of their own went out one after the other, so several lines that come in one piece did not all end now.
void spread(QList<Sample> &samples, qint64 nowMs)
{
    double end = double(nowMs);
    for (auto sample = samples.rbegin(); sample != samples.rend(); ++sample) {
        if (sample->receivedAtMs > 0)
            continue;
        sample->receivedAtMs = nowMs;
        end -= sample->totalMs;
        sample->startedAtMs = qint64(end);
    }
}

} // namespace

QByteArray newMark()
{
    QByteArray random(16, Qt::Uninitialized);
    QRandomGenerator::system()->generate(random.begin(), random.end());
    return random.toHex();
}

LineParser::LineParser(QByteArray mark, int most, Pace pace)
    : m_mark(recordSeparator + std::move(mark) + '\t')
    , m_most(most)
    , m_pace(pace)
{
}

/// Puts a request that was due at a known time where it was on our clock. Its line may have taken any time to come, so what it tells is
/// the latest that the first can have been due; the line that came fastest tells it best. The pod's clock is not ours: what was told long
/// ago does not count.
void LineParser::place(Sample &sample)
{
    constexpr int window = 2000;
    sample.startedAtMs = m_nowMs - qint64(sample.totalMs);
    if (m_pace.periodMs <= 0)
        return;
    const double sentAfter = double(sample.index - sample.index % m_pace.together) * m_pace.periodMs + sample.lateMs;
    const double began = double(m_nowMs) - sample.totalMs - sentAfter;
    m_beganLatelyMs = std::min(m_beganLatelyMs.value_or(began), began);
    if (!m_beganMs || began < *m_beganMs)
        m_beganMs = began;
    if (++m_placed >= window) {
        m_beganMs = std::exchange(m_beganLatelyMs, std::nullopt);
        m_placed = 0;
    }
    sample.startedAtMs = qint64(std::llround(*m_beganMs + sentAfter));
}

QList<Sample> LineParser::feed(const QByteArray &bytes, qint64 nowMs)
{
    QList<Sample> samples;
    m_nowMs = nowMs;
    m_buffer += bytes;
    qsizetype at = 0; // everything before it has been taken
    qsizetype from = 0; // where to look for the next mark
    for (;;) {
        if (m_atLineEnd) { // the newline after the last record
            const QByteArrayView rest = QByteArrayView(m_buffer).sliced(at);
            if (rest.isEmpty() || rest == "\r")
                break;
            at += rest.startsWith("\r\n") ? 2 : rest.startsWith('\n') ? 1 : 0;
            m_atLineEnd = false;
        }
        const qsizetype begin = m_buffer.indexOf(m_mark, std::max(at, from));
        if (begin < 0)
            break;
        const qsizetype fields = begin + m_mark.size();
        const qsizetype end = m_buffer.indexOf(recordSeparator, fields);
        if (end < 0 && m_buffer.size() - begin <= maximumTrailer)
            break; // the rest comes later
        const bool surplus = m_most > 0 && m_next >= m_most;
        const bool isWhole = !surplus && end >= 0 && end - begin <= maximumTrailer;
        if (auto open = isWhole ? parseOpen(m_buffer.mid(fields, end - fields)) : std::nullopt; open && !m_held.contains(open->number)) {
            ++m_next;
            if (open->sample) {
                open->sample->index = open->number;
                open->sample->receivedAtMs = nowMs;
                place(*open->sample);
            } else {
                ++m_notSent;
            }
            m_held.emplace(open->number, std::move(open->sample));
            release(samples, mostHeld);
            at = end + 1;
            from = at;
            m_dropped = 0;
            m_atLineEnd = true;
            continue;
        }
        const auto trailer = isWhole ? parseTrailer(m_buffer.mid(fields, end - fields)) : std::nullopt;
        if (!trailer) {
            ++m_garbage;
            from = fields;
            continue;
        }
        const QByteArray printed = withoutLastNewline(m_buffer.mid(at, begin - at));
        QByteArray body = withoutCarriageReturns(printed);
        if (printed.size() == trailer->size)
            body = printed; // no terminal in between
        if (body.size() > trailer->size) { // something else was printed before it
            ++m_garbage;
            body = body.right(trailer->size);
        }
        Sample sample = makeSample(*trailer, body);
        sample.index = m_next++;
        samples += sample;
        at = end + 1;
        m_dropped = 0;
        m_atLineEnd = true;
    }
    m_buffer.remove(0, at);
    if (m_buffer.size() > maximumBuffer) {
        // Of a long body only its start is shown; its end may hold the first bytes of a record.
        const qsizetype keptEnd = maximumTrailer * 2;
        m_dropped += m_buffer.size() - keptStart - keptEnd;
        m_buffer = m_buffer.left(keptStart) + m_buffer.right(keptEnd);
    }
    spread(samples, nowMs);
    order(samples);
    return samples;
}

/// Takes what is next, and what has waited longest where more than @p most wait: the ones before it will not come any more.
void LineParser::release(QList<Sample> &samples, std::size_t most)
{
    while (!m_held.empty() && (m_held.begin()->first <= m_due || m_held.size() > most)) {
        auto first = m_held.extract(m_held.begin());
        m_due = std::max(m_due, first.key() + 1);
        if (first.mapped())
            samples += *first.mapped();
    }
}

/// An interrupted clock or a late chunk must not make a request start before its predecessor, nor in the future.
void LineParser::order(QList<Sample> &samples)
{
    for (Sample &sample : samples) {
        sample.startedAtMs = std::min(std::max(sample.startedAtMs, m_lastStartMs), m_nowMs);
        sample.receivedAtMs = std::max(sample.receivedAtMs, sample.startedAtMs);
        m_lastStartMs = sample.startedAtMs;
    }
}

QList<Sample> LineParser::flush()
{
    QList<Sample> samples;
    release(samples, 0);
    order(samples);
    return samples;
}

QString LineParser::rest() const
{
    return QString::fromUtf8(m_buffer.left(rawLimit)).simplified();
}

} // namespace catamaran::probe
