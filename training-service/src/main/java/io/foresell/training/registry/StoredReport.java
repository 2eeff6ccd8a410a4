package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.report.ModelReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes the report out of a stored package, by way of a scratch file so that no package has to fit into memory. */
final class StoredReport {
    static final int MAX_BYTES = 8 << 20;
    static final String ENTRY = "source/" + ModelReport.FILE_NAME;

    private StoredReport() {}

    /**
     * Returns the page of a package whose digest has been proven.
     *
     * @param scratch empty; its owner closes it
     */
    static byte[] read(PackageDownload download, IncomingPackage scratch, ModelVersion version) {
        for (byte[] chunk = download.next(); chunk != null; chunk = download.next()) {
            scratch.write(ByteBuffer.wrap(chunk));
        }
        scratch.finish();
        try (ZipFile zip = new ZipFile(scratch.file().toFile())) {
            ZipEntry entry = zip.getEntry(ENTRY);
            if (entry == null) {
                throw new ServiceException(Failure.notFound(
                                "report",
                                "%s@%d".formatted(version.model(), version.version()),
                                "a version trained here; %s in its package".formatted(ENTRY))
                        .with("model", version.model()));
            }
            return page(zip, entry);
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.dataLoss(
                            "PACKAGE_DAMAGED",
                            "package of %s@%d: %s (expected: a zip file)"
                                    .formatted(version.model(), version.version(), e.getMessage())),
                    e);
        }
    }

    private static byte[] page(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] page = in.readNBytes(MAX_BYTES + 1);
            if (page.length > MAX_BYTES) {
                throw new ServiceException(Failure.precondition(
                        "REPORT_TOO_LARGE",
                        "%s: more than %d bytes (expected: at most that; download the package)"
                                .formatted(ENTRY, MAX_BYTES)));
            }
            return page;
        }
    }
}
