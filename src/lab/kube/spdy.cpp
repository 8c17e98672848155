// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/spdy.h"

#include <zlib.h>

#include <algorithm>

namespace catamaran::lab::spdy {

namespace {

constexpr std::size_t largestFrame = 4U << 20;
constexpr std::size_t largestHeaders = 256U << 10;
constexpr unsigned char finFlag = 1;

void putNumber(std::string &text, std::uint32_t value)
{
    for (const int shift : { 24, 16, 8, 0 })
        text += static_cast<char>(value >> shift & 0xff);
}

std::uint32_t numberAt(std::string_view bytes, std::size_t offset)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
    return value;
}

/// The dictionary of SPDY/3 for header blocks: first these words, each behind its length, then a text.
constexpr const char *dictionaryWords[] = {
    "options",
    "head",
    "post",
    "put",
    "delete",
    "trace",
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "connection",
    "content-base",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-md5",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "retry-after",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "method",
    "get",
    "status",
    "200 OK",
    "version",
    "HTTP/1.1",
    "url",
    "public",
    "set-cookie",
    "keep-alive",
    "origin",
};
constexpr const char *dictionaryText
    = "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301"
      " Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailab"
      "leJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,imag"
      "e/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1"
      ",utf-,*,enq=0.";

const std::string &dictionary()
{
    static const std::string all = [] {
        std::string text;
        for (const std::string_view word : dictionaryWords) {
            putNumber(text, static_cast<std::uint32_t>(word.size()));
            text += word;
        }
        return text + dictionaryText;
    }();
    return all;
}

Bytef *bytesOf(const std::string &text)
{
    return reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
}

std::string controlFrame(std::uint16_t type, const std::string &payload)
{
    std::string frame;
    putNumber(frame, 0x80030000U | type);
    putNumber(frame, static_cast<std::uint32_t>(payload.size()) & 0xffffff);
    return frame + payload;
}

} // namespace

struct Reader::Inflater {
    Inflater() { good = inflateInit(&stream) == Z_OK; }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    bool unpack(std::string_view packed, std::string &plain)
    {
        stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
        stream.avail_in = static_cast<uInt>(packed.size());
        char buffer[4096];
        while (good) {
            stream.next_out = reinterpret_cast<Bytef *>(buffer);
            stream.avail_out = sizeof buffer;
            const int result = inflate(&stream, Z_SYNC_FLUSH);
            if (result == Z_NEED_DICT) {
                good = inflateSetDictionary(&stream, bytesOf(dictionary()), static_cast<uInt>(dictionary().size())) == Z_OK;
                continue;
            }
            plain.append(buffer, sizeof buffer - stream.avail_out);
            good = (result == Z_OK || result == Z_BUF_ERROR) && plain.size() <= largestHeaders;
            if (stream.avail_in == 0 && stream.avail_out != 0)
                break;
            good = good && result == Z_OK;
        }
        return good;
    }

    z_stream stream {};
    bool good = false;
};

Reader::Reader()
    : m_inflater(std::make_unique<Inflater>())
{
}

Reader::~Reader() = default;

void Reader::add(std::string_view bytes)
{
    m_bytes += bytes;
}

std::optional<HeaderBlock> Reader::headers(std::string_view packed)
{
    std::string plain;
    if (!m_inflater->unpack(packed, plain))
        return std::nullopt;
    std::string_view rest = plain;
    const auto text = [&rest](std::string &value) {
        if (rest.size() < 4)
            return false;
        const std::size_t length = numberAt(rest, 0);
        rest.remove_prefix(4);
        if (length > rest.size())
            return false;
        value = rest.substr(0, length);
        rest.remove_prefix(length);
        return true;
    };
    if (rest.size() < 4)
        return std::nullopt;
    const auto count = numberAt(rest, 0);
    rest.remove_prefix(4);
    HeaderBlock block;
    for (std::uint32_t i = 0; i < count; ++i) {
        std::string name, value;
        if (!text(name) || !text(value))
            return std::nullopt;
        // Several values of one name are divided by NUL.
        for (std::size_t start = 0; start <= value.size();) {
            const auto end = std::min(value.find('\0', start), value.size());
            block.emplace(name, value.substr(start, end - start));
            start = end + 1;
        }
    }
    return block;
}

std::optional<Frame> Reader::next()
{
    if (m_failed || m_bytes.size() < 8)
        return std::nullopt;
    const auto first = numberAt(m_bytes, 0);
    const auto second = numberAt(m_bytes, 4);
    const std::size_t length = second & 0xffffff;
    const auto flags = static_cast<unsigned char>(second >> 24);
    if (length > largestFrame) {
        m_failed = true;
        return std::nullopt;
    }
    if (m_bytes.size() < 8 + length)
        return std::nullopt;
    const std::string payload = m_bytes.substr(8, length);
    m_bytes.erase(0, 8 + length);

    Frame frame;
    frame.fin = (flags & finFlag) != 0;
    if ((first & 0x80000000U) == 0) {
        frame.kind = Kind::Data;
        frame.stream = first;
        frame.data = payload;
        return frame;
    }
    const auto type = first & 0xffff;
    const auto wanted = [&](std::size_t size) {
        m_failed = payload.size() < size;
        return !m_failed;
    };
    if ((first >> 16 & 0x7fff) != 3) {
        m_failed = true;
        return std::nullopt;
    }
    switch (type) {
    case 1: {
        if (!wanted(10))
            return std::nullopt;
        frame.kind = Kind::SynStream;
        frame.stream = numberAt(payload, 0) & 0x7fffffff;
        auto block = headers(std::string_view(payload).substr(10));
        if (!block) {
            m_failed = true;
            return std::nullopt;
        }
        frame.headers = std::move(*block);
        return frame;
    }
    case 2:
    case 8: {
        // Their blocks belong to the same zlib stream, so they must be read even where nobody wants them.
        if (!wanted(4))
            return std::nullopt;
        frame.kind = type == 2 ? Kind::SynReply : Kind::Headers;
        frame.stream = numberAt(payload, 0) & 0x7fffffff;
        auto block = headers(std::string_view(payload).substr(4));
        if (!block) {
            m_failed = true;
            return std::nullopt;
        }
        frame.headers = std::move(*block);
        return frame;
    }
    case 3:
    case 6:
        if (!wanted(4))
            return std::nullopt;
        frame.kind = type == 3 ? Kind::RstStream : Kind::Ping;
        frame.stream = numberAt(payload, 0);
        return frame;
    case 4: frame.kind = Kind::Settings; return frame;
    case 7: frame.kind = Kind::GoAway; return frame;
    case 9: frame.kind = Kind::WindowUpdate; return frame;
    default: return frame;
    }
}

struct Writer::Deflater {
    Deflater()
    {
        deflateInit(&stream, Z_BEST_COMPRESSION);
        deflateSetDictionary(&stream, bytesOf(dictionary()), static_cast<uInt>(dictionary().size()));
    }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater &) = delete;
    Deflater &operator=(const Deflater &) = delete;
    z_stream stream {};
};

Writer::Writer()
    : m_deflater(std::make_unique<Deflater>())
{
}

Writer::~Writer() = default;

std::string Writer::packed(const HeaderBlock &headers)
{
    std::string plain;
    std::uint32_t names = 0;
    std::string entries;
    for (auto it = headers.begin(); it != headers.end(); ++names) {
        const auto last = headers.upper_bound(it->first);
        std::string value;
        const auto name = it->first;
        for (bool first = true; it != last; ++it, first = false)
            value += (first ? std::string() : std::string(1, '\0')) + it->second;
        putNumber(entries, static_cast<std::uint32_t>(name.size()));
        entries += name;
        putNumber(entries, static_cast<std::uint32_t>(value.size()));
        entries += value;
    }
    putNumber(plain, names);
    plain += entries;
    auto &stream = m_deflater->stream;
    std::string result(plain.size() + 128, '\0');
    stream.next_in = bytesOf(plain);
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = bytesOf(result);
    stream.avail_out = static_cast<uInt>(result.size());
    deflate(&stream, Z_SYNC_FLUSH);
    result.resize(result.size() - stream.avail_out);
    return result;
}

std::string Writer::data(std::uint32_t stream, std::string_view bytes, bool fin)
{
    std::string frame;
    frame.reserve(8 + bytes.size());
    putNumber(frame, stream);
    putNumber(frame, (fin ? 0x01000000U : 0U) | static_cast<std::uint32_t>(bytes.size()));
    frame += bytes;
    return frame;
}

std::string Writer::ping(std::uint32_t number)
{
    std::string payload;
    putNumber(payload, number);
    return controlFrame(6, payload);
}

std::string Writer::synStream(std::uint32_t stream, const HeaderBlock &headers)
{
    std::string payload;
    putNumber(payload, stream);
    putNumber(payload, 0);
    payload += std::string(2, '\0');
    payload += packed(headers);
    return controlFrame(1, payload);
}

std::string Writer::synReply(std::uint32_t stream)
{
    std::string payload;
    putNumber(payload, stream);
    payload += packed({});
    return controlFrame(2, payload);
}

} // namespace catamaran::lab::spdy
