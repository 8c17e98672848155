// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bundle/archive.h"

#include "bundle/say.h"
#include "core/wholepattern.h"

#include <QRegularExpression>

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace catamaran::bundle {

using core::ErrorKind;
using core::Result;

namespace {

struct FreeEntry {
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};
struct FreeWriter {
    void operator()(archive *writer) const { archive_write_free(writer); }
};
struct FreeReader {
    void operator()(archive *reader) const { archive_read_free(reader); }
};

la_ssize_t append(archive *, void *into, const void *bytes, size_t size)
{
    static_cast<QByteArray *>(into)->append(static_cast<const char *>(bytes), qsizetype(size));
    return la_ssize_t(size);
}

} // namespace

Result<QByteArray> pack(const QMap<QString, QByteArray> &files, qint64 unixSeconds)
{
    QByteArray packed;
    const std::unique_ptr<archive, FreeWriter> writer(archive_write_new());
    const auto failed = [&] {
        return core::fail(ErrorKind::Internal, Say::tr("pack the bundle"), {}, QString::fromUtf8(archive_error_string(writer.get())));
    };
    archive_write_add_filter_gzip(writer.get());
    archive_write_set_options(writer.get(), "gzip:!timestamp");
    archive_write_set_format_ustar(writer.get());
    archive_write_set_bytes_in_last_block(writer.get(), 1); // no padding for tapes
    if (archive_write_open(writer.get(), &packed, nullptr, &append, nullptr) != ARCHIVE_OK)
        return failed();
    for (auto it = files.cbegin(); it != files.cend(); ++it) {
        const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), it.key().toUtf8().constData());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0600);
        archive_entry_set_size(entry.get(), it->size());
        archive_entry_set_mtime(entry.get(), unixSeconds, 0);
        if (archive_write_header(writer.get(), entry.get()) != ARCHIVE_OK
            || archive_write_data(writer.get(), it->constData(), size_t(it->size())) != it->size())
            return failed();
    }
    if (archive_write_close(writer.get()) != ARCHIVE_OK)
        return failed();
    return packed;
}

Result<QMap<QString, QByteArray>> unpack(const QByteArray &packed, const QString &origin)
{
    const auto refused = [&](const QString &answer) {
        return core::fail(ErrorKind::InvalidInput, Say::tr("read the bundle"), origin, answer,
            Say::tr("Use a file that “catamaranctl bundle” or the window wrote."));
    };
    const std::unique_ptr<archive, FreeReader> reader(archive_read_new());
    const auto broken
        = [&] { return refused(Say::tr("it is no such archive (%1)").arg(QString::fromUtf8(archive_error_string(reader.get())))); };
    // Nothing but what is written: the other formats' code is not for strangers' bytes.
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_memory(reader.get(), packed.constData(), size_t(packed.size())) != ARCHIVE_OK)
        return broken();
    static const QRegularExpression plain = core::wholePattern(QStringLiteral("[a-z][a-z0-9-]{0,40}\\.(?:json|yaml)"));
    QMap<QString, QByteArray> files;
    qint64 whole = 0;
    for (;;) {
        archive_entry *entry = nullptr;
        const int next = archive_read_next_header(reader.get(), &entry);
        if (next == ARCHIVE_EOF)
            break;
        if (next != ARCHIVE_OK)
            return broken();
        const QString name = QString::fromUtf8(archive_entry_pathname(entry));
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) || !plain.match(name).hasMatch())
            return refused(Say::tr("it holds “%1”, which no bundle does").arg(name.left(100)));
        if (files.contains(name))
            return refused(Say::tr("it holds %1 twice").arg(name));
        if (files.size() >= mostFiles)
            return refused(Say::tr("it holds more than %1 files").arg(mostFiles));
        QByteArray bytes;
        char buffer[64 * 1024];
        for (;;) { // the size that an entry says is only its word
            const la_ssize_t size = archive_read_data(reader.get(), buffer, sizeof buffer);
            if (size < 0)
                return broken();
            if (size == 0)
                break;
            whole += size;
            if (whole > mostUnpacked)
                return refused(Say::tr("it unpacks to more than %1 MiB").arg(mostUnpacked / (1024 * 1024)));
            bytes.append(buffer, qsizetype(size));
        }
        files.insert(name, bytes);
    }
    return files;
}

} // namespace catamaran::bundle
