package io.foresell.training;

import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureColumn;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.ListDefinitionsResponse;
import io.foresell.proto.feature.v1.NumberColumn;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;

/**
 * Speaks the feature store's training set protocol: 600 seeded rows of two numbers, the first of which drives the label.
 * The label view {@code always} has one class.
 */
final class TestFeatureStore extends FeatureStoreServiceGrpc.FeatureStoreServiceImplBase implements AutoCloseable {
    private static final int ROW_COUNT = 600;

    private final Server server;

    TestFeatureStore() throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(this)
                .build()
                .start();
    }

    String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void listDefinitions(ListDefinitionsRequest request, StreamObserver<ListDefinitionsResponse> caller) {
        caller.onNext(ListDefinitionsResponse.getDefaultInstance());
        caller.onCompleted();
    }

    @Override
    public void streamTrainingSet(StreamTrainingSetRequest request, StreamObserver<StreamTrainingSetResponse> caller) {
        Random random = new Random(11);
        NumberColumn.Builder driver = NumberColumn.newBuilder().setWidth(1);
        NumberColumn.Builder noise = NumberColumn.newBuilder().setWidth(1);
        FeatureBlock.Builder block = FeatureBlock.newBuilder().setRowCount(ROW_COUNT);
        StreamTrainingSetResponse.Builder response =
                StreamTrainingSetResponse.newBuilder().setFeatureSetHash("hash").setTotalRowCount(ROW_COUNT);
        for (int i = 0; i < ROW_COUNT; i++) {
            double x = random.nextGaussian();
            driver.addValues(x);
            noise.addValues(random.nextGaussian());
            block.addEntityKeys("c" + i).addAsOfMillis(1_700_000_000_000L + i).addOldestValueMillis(1);
            boolean isPositive = request.getLabelView().equals("always") || x + random.nextGaussian() > 0;
            response.addLabelNumbers(isPositive ? 1 : 0);
        }
        block.addColumns(FeatureColumn.newBuilder().setName("driver").setNumbers(driver));
        block.addColumns(FeatureColumn.newBuilder().setName("noise").setNumbers(noise));
        caller.onNext(response.setBlock(block).build());
        caller.onCompleted();
    }

    void stop() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        stop();
    }
}
