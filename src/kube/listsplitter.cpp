// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/listsplitter.h"

#include "kube/listparser.h"
#include "kube/say.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

namespace {

constexpr qsizetype longestFrame = 1024 * 1024;
constexpr int deepest = 200; ///< no Kubernetes object comes near; converters have limits of their own

/// The first quote or backslash from @p p on, or @p end. Most of a list is text: this is where the splitter spends its time.
const char *quoteOrBackslash(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quotes = _mm_set1_epi8('"'), slashes = _mm_set1_epi8('\\');
    for (; end - p >= 16; p += 16) {
        const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
        const auto found
            = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(text, quotes), _mm_cmpeq_epi8(text, slashes))));
        if (found != 0)
            return p + std::countr_zero(found);
    }
#endif
    while (p < end && *p != '"' && *p != '\\')
        ++p;
    return p;
}

} // namespace

tl::unexpected<core::Error> ListSplitter::broken(const QString &what)
{
    m_broken = true;
    m_item.clear();
    m_frame.clear();
    return core::fail(ErrorKind::Protocol, {}, {}, what);
}

Result<core::Done> ListSplitter::feed(std::string_view bytes, const Take &take)
{
    if (m_broken)
        return broken(Say::tr("the list is cut off or broken"));
    const char *p = bytes.data();
    const char *const end = p + bytes.size();
    const char *item = m_inItem ? p : nullptr; // where the present item's bytes begin in this piece
    const char *frame = m_inItems ? nullptr : p; // the same of the frame
    const char *key = m_inString && m_depth == 1 ? p : nullptr;
    const auto tooLong
        = [this] { return Say::tr("item %1 of the list is longer than %2 MiB").arg(m_items + 1).arg(m_longest / (1024 * 1024)); };
    const auto keepFrame = [&](const char *to) {
        if (frame)
            m_frame.append(frame, to - frame);
        frame = nullptr;
        return m_frame.size() <= longestFrame;
    };
    while (p < end) {
        if (m_inString) {
            if (m_escaped) {
                m_escaped = false;
                ++p;
                continue;
            }
            p = quoteOrBackslash(p, end);
            if (p == end)
                break;
            if (*p == '\\') {
                m_escaped = true;
                ++p;
                continue;
            }
            m_inString = false;
            if (m_depth == 1 && key)
                m_key.append(key, p - key);
            key = nullptr;
            ++p;
            continue;
        }
        const char c = *p;
        switch (c) {
        case '"':
            if (m_inItems && !m_inItem)
                return broken(Say::tr("item %1 of the list is not an object, or the list is cut off").arg(m_items + 1));
            m_inString = true;
            if (m_depth == 1) {
                m_key.clear();
                key = p + 1;
            }
            break;
        case ':':
            if (m_depth == 1)
                m_keyIsItems = m_key == "items";
            break;
        case '{':
        case '[':
            if (++m_depth > deepest)
                return broken(Say::tr("the list is nested too deeply"));
            if (m_depth == 1 && c != '{')
                return broken(Say::tr("the list is not a JSON object"));
            if (m_depth == 2 && m_keyIsItems) {
                if (c != '[')
                    return broken(Say::tr("items of the list is not an array"));
                m_inItems = true;
                m_keyIsItems = false;
                if (!keepFrame(p + 1))
                    return broken(Say::tr("the list is not a JSON object"));
            } else if (m_depth == 3 && m_inItems) {
                if (c != '{')
                    return broken(Say::tr("item %1 of the list is not an object, or the list is cut off").arg(m_items + 1));
                m_inItem = true;
                item = p;
            }
            break;
        case '}':
        case ']':
            if (--m_depth < 0)
                return broken(Say::tr("there is something behind the end of the list"));
            if (m_depth == 2 && m_inItem) {
                if (m_item.size() + (p + 1 - item) > m_longest) // whole in one piece or not: the bound is the same
                    return broken(tooLong());
                m_inItem = false;
                ++m_items;
                bool goOn = true;
                if (m_item.isEmpty()) {
                    goOn = take({ item, static_cast<std::size_t>(p + 1 - item) });
                } else {
                    m_item.append(item, p + 1 - item);
                    goOn = take({ m_item.constData(), static_cast<std::size_t>(m_item.size()) });
                    m_item.clear();
                }
                item = nullptr;
                if (!goOn)
                    return broken(Say::tr("item %1 of the list is broken").arg(m_items));
            } else if (m_depth == 1 && m_inItems) {
                m_inItems = false;
                frame = p;
            }
            break;
        case ',':
            if (m_depth == 1)
                m_keyIsItems = false;
            break;
        case ' ':
        case '\n':
        case '\r':
        case '\t': break;
        default:
            if (m_depth == 0)
                return broken(m_frame.isEmpty() && p == bytes.data() ? Say::tr("the list is not JSON")
                                                                     : Say::tr("there is something behind the end of the list"));
            if (m_inItems && !m_inItem)
                return broken(Say::tr("item %1 of the list is not an object, or the list is cut off").arg(m_items + 1));
            break;
        }
        ++p;
    }
    if (key)
        m_key.append(key, end - key);
    if (m_key.size() > 256)
        m_key.truncate(256); // a long value of the list's own; it is in the frame
    if (!keepFrame(end))
        return broken(Say::tr("the answer has no items: it is %1").arg(QString::fromUtf8(m_frame.left(80))));
    if (m_inItem) {
        if (m_item.size() + (end - item) > m_longest)
            return broken(tooLong());
        m_item.append(item, end - item);
    }
    return core::Done {};
}

Result<ListFrame> ListSplitter::end()
{
    if (m_broken || m_depth != 0 || m_inString || m_frame.isEmpty())
        return broken(m_frame.isEmpty() ? Say::tr("the list is not JSON") : Say::tr("the list is cut off or broken"));
    const auto object = parseObject(m_frame);
    if (!object)
        return broken(Say::tr("the list is not JSON: %1").arg(object.error().answer));
    ListFrame frame;
    frame.kind = object->value(u"kind").toString();
    frame.apiVersion = object->value(u"apiVersion").toString();
    if (frame.kind == u"Status")
        return broken(Say::tr("the answer is a Status, not a list"));
    if (!object->contains(u"items") || !(object->value(u"items").isArray() || object->value(u"items").isNull()))
        return broken(Say::tr("the answer has no items: it is %1").arg(QString::fromUtf8(m_frame.left(80))));
    if (!object->value(u"items").toArray().isEmpty()) // what is read goes by the bytes of the name; nothing is none because of it
        return broken(Say::tr("the name of the list's items is written with escapes"));
    const QJsonObject metadata = object->value(u"metadata").toObject();
    frame.resourceVersion = metadata.value(u"resourceVersion").toString();
    frame.next = metadata.value(u"continue").toString();
    return frame;
}

} // namespace catamaran::kube
