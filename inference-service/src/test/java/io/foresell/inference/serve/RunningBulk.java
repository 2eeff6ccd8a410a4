package io.foresell.inference.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.grpc.Channel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cluster for bulk streams, with four versions of a model. */
abstract class RunningBulk {
    @TempDir
    Path folder;

    Cluster cluster;
    final List<StreamCaller<?, ?>> opened = new ArrayList<>();

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder);
        for (int version = 1; version <= 4; version++) {
            cluster.registry.publish("churn", version, TestPackages.logistic("churn", version - 1));
        }
        cluster.registry.publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
    }

    @AfterEach
    void closeCluster() {
        opened.forEach(StreamCaller::cancel); // or closing waits for them
        cluster.close();
    }

    StreamCaller<ScoreBulkRequest, ScoreBulkResponse> open() {
        return open(cluster.channel());
    }

    StreamCaller<ScoreBulkRequest, ScoreBulkResponse> open(Channel channel) {
        StreamCaller<ScoreBulkRequest, ScoreBulkResponse> stream = StreamCaller.open(
                InferenceServiceGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS)::scoreBulk);
        opened.add(stream);
        return stream;
    }

    static ScoreBulkRequest header(BulkHeader.Builder header) {
        return ScoreBulkRequest.newBuilder().setHeader(header).build();
    }

    static ScoreBulkRequest churn() {
        return header(BulkHeader.newBuilder().setModel("churn"));
    }

    static ScoreBulkRequest resume(String token) {
        return header(BulkHeader.newBuilder().setResumeToken(token));
    }

    static float tenure(long position) {
        return position % 60;
    }

    /** Returns consecutive rows of an endless file. */
    static ScoreBulkRequest rows(long from, int count) {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(count);
        for (long position = from; position < from + count; position++) {
            rows.addNumbers(tenure(position)).addNumbers(70).addTexts("basic");
        }
        return ScoreBulkRequest.newBuilder().setPackedRows(rows).build();
    }

    static void requireScores(ScoreBulkResponse answer, int version, long from, int count) {
        assertThat(answer.getModelVersion()).isEqualTo(version);
        assertThat(answer.getFirstPosition()).isEqualTo(from);
        assertThat(answer.getRowsCount()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(answer.getRows(i).getScored().getModelVersion()).isEqualTo(version);
            assertThat(answer.getRows(i).getScored().getScore())
                    .isCloseTo(TestPackages.expected(version - 1, tenure(from + i), 70, "basic"), within(1e-5));
        }
    }

    Failure failure(StreamCaller<?, ?> stream) throws Exception {
        return FailureStatus.fromStatus(stream.failure());
    }

    /** Releases two other versions one after the other, so that nothing but a pin keeps the first. */
    void releaseAway() {
        cluster.registry.release("churn", 2, 100);
        cluster.awaitRevision("churn", 2);
        cluster.registry.release("churn", 3, 100);
        cluster.awaitRevision("churn", 3);
    }
}
