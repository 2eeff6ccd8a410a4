package io.foresell.cli.command;

import io.foresell.cli.call.RowSender;
import io.foresell.cli.source.CsvFile;
import io.foresell.cli.terminal.ProgressBar;
import io.foresell.proto.feature.v1.IngestResponse;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;

/** Sends the rows of a file while a bar shows how far it is. */
final class RowIngest {
    private RowIngest() {}

    /** Sends all rows with a progress bar; the same call again goes on where the last one ended. */
    static IngestResponse send(Session session, CsvFile csv, List<String> views) {
        String stage = "ingest " + csv.file().getFileName();
        try (ProgressBar bar = session.progress()) {
            long startNanos = System.nanoTime();
            bar.update(stage, 0, Shown.count(csv.rowCount()) + " rows");
            RowSender sender =
                    new RowSender(csv, views, () -> session.services().featureStoreStreams(), new RowSender.Listener() {
                        @Override
                        public void acknowledged(long rowCount) {
                            double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
                            double rowsPerSecond = rowCount / seconds;
                            long left = (long) ((csv.rowCount() - rowCount) / rowsPerSecond);
                            String detail = "%s of %s rows, %s rows/s, %s left"
                                    .formatted(
                                            Shown.count(rowCount),
                                            Shown.count(csv.rowCount()),
                                            Shown.count((long) rowsPerSecond),
                                            ProgressBar.shown(Duration.ofSeconds(left)));
                            bar.update(stage, (double) rowCount / csv.rowCount(), detail);
                        }

                        @Override
                        public void retrying(StatusRuntimeException failure, int attempt) {
                            bar.note("trying again: "
                                    + ErrorReport.explained(failure).message());
                        }
                    });
            try {
                return sender.send();
            } catch (StatusRuntimeException e) {
                if (sender.acknowledgedRows() > 0) {
                    bar.note("%s rows are stored; the same command goes on from there without duplicates"
                            .formatted(Shown.count(sender.acknowledgedRows())));
                }
                throw e;
            }
        }
    }
}
