package io.foresell.cli.call;

import io.foresell.cli.source.CsvFile;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceStub;
import io.foresell.proto.feature.v1.IngestHeader;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.SourceRow;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sends the rows of a file in parts, each its own acknowledged stream. Where parts begin depends on the file alone, so that
 * sending the same file again sends the same batches and changes nothing. Used once, by one thread.
 */
public final class RowSender {
    private static final int PART_ROWS = 20_000;
    private static final long PART_CHARS = 8 << 20;
    private static final int MESSAGE_ROWS = 1000;
    private static final long MESSAGE_CHARS = 1 << 20;
    private static final int ATTEMPTS = 5;
    private static final long FIRST_WAIT_MILLIS = 500;

    private final CsvFile csv;
    private final List<String> views;
    private final Supplier<FeatureStoreServiceStub> stubs;
    private final Listener listener;

    private final List<IngestRequest> part = new ArrayList<>();
    private IngestRequest.Builder message = IngestRequest.newBuilder();
    private long messageChars;
    private long partChars;
    private int partRows;
    private int partIndex;
    private long acknowledgedRows;
    private IngestResponse total = IngestResponse.getDefaultInstance();

    /** Is told how the work goes. */
    public interface Listener {
        /** Says how many rows are durable. */
        void acknowledged(long rowCount);

        /** Says that a part is sent again after a failure that may pass. */
        void retrying(StatusRuntimeException failure, int attempt);
    }

    /** Prepares to send; {@code stubs} returns a stub with a fresh deadline for each part. */
    public RowSender(CsvFile csv, List<String> views, Supplier<FeatureStoreServiceStub> stubs, Listener listener) {
        this.csv = csv;
        this.views = List.copyOf(views);
        this.stubs = stubs;
        this.listener = listener;
    }

    /**
     * Sends all rows and returns the counts of all parts together.
     *
     * @throws StatusRuntimeException when a part is refused; the rows of earlier parts stay
     */
    public IngestResponse send() {
        csv.forEachRow(this::add);
        sendPart();
        return total;
    }

    /** Returns how many rows are durable. */
    public long acknowledgedRows() {
        return acknowledgedRows;
    }

    private void add(long lineNumber, List<String> values) {
        long chars = 0;
        for (String value : values) {
            chars += value.length() + 2;
        }
        if (partRows == PART_ROWS || (partRows > 0 && partChars + chars > PART_CHARS)) {
            sendPart();
        }
        if (message.getRowsCount() == MESSAGE_ROWS || (messageChars > 0 && messageChars + chars > MESSAGE_CHARS)) {
            endMessage();
        }
        message.addRows(SourceRow.newBuilder().setLineNumber(lineNumber).addAllValues(values));
        messageChars += chars;
        partChars += chars;
        partRows++;
    }

    private void endMessage() {
        if (message.getRowsCount() > 0) {
            part.add(message.build());
        }
        message = IngestRequest.newBuilder();
        messageChars = 0;
    }

    private void sendPart() {
        endMessage();
        if (part.isEmpty()) {
            return;
        }
        IngestHeader header = IngestHeader.newBuilder()
                .addAllViews(views)
                .addAllColumns(csv.columns())
                .setBatchId("%s:%d".formatted(csv.sha256(), partIndex))
                .setSource(csv.file().getFileName().toString())
                .build();
        part.add(0, IngestRequest.newBuilder().setHeader(header).build());
        total = IngestTotals.sum(total, sendWithRetry());
        acknowledgedRows += partRows;
        listener.acknowledged(acknowledgedRows);
        part.clear();
        partRows = 0;
        partChars = 0;
        partIndex++;
    }

    /** A part is idempotent by its batch id, so it may be sent again when the server was away or busy. */
    private IngestResponse sendWithRetry() {
        for (int attempt = 1; ; attempt++) {
            try {
                return Upload.<IngestRequest, IngestResponse>send(stubs.get()::ingest, part.iterator(), sent -> {});
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                boolean mayPass = code == Status.Code.UNAVAILABLE || code == Status.Code.RESOURCE_EXHAUSTED;
                if (!mayPass || attempt == ATTEMPTS) {
                    throw e;
                }
                listener.retrying(e, attempt);
                pause(FIRST_WAIT_MILLIS << (attempt - 1), e);
            }
        }
    }

    private static void pause(long millis, StatusRuntimeException reason) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }
}
