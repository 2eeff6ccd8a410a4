package io.foresell.training;

import com.google.protobuf.ByteString;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.ImportModelHeader;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.InspectModelRequest;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.SampleRows;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A registry that files of other libraries are sent to through the wire. */
abstract class RunningImports {
    private static EmbeddedStore store;

    @TempDir
    static Path scratch;

    static TestService service;

    @BeforeAll
    static void start() {
        store = EmbeddedStore.inMemory();
        service = new TestService(store.uri(), scratch, TestService.NO_TRAINER, Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
    }

    static byte[] download(String model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        service.registry()
                .downloadPackage(DownloadPackageRequest.newBuilder()
                        .setModel(model)
                        .setVersion(1)
                        .build())
                .forEachRemaining(
                        response -> bytes.writeBytes(response.getChunk().toByteArray()));
        return bytes.toByteArray();
    }

    static ImportModelResponse imported(String model, ModelSignature signature, byte[] onnx, SampleRows sample)
            throws Exception {
        return call(stub()::importModel, requests -> {
            requests.onNext(ImportModelRequest.newBuilder()
                    .setHeader(ImportModelHeader.newBuilder().setModel(model).setSignature(signature))
                    .build());
            chunks(
                    onnx,
                    chunk -> requests.onNext(
                            ImportModelRequest.newBuilder().setChunk(chunk).build()));
            if (sample != null) {
                requests.onNext(
                        ImportModelRequest.newBuilder().setSample(sample).build());
            }
        });
    }

    static InspectModelResponse inspected(byte[] onnx) throws Exception {
        return call(
                stub()::inspectModel,
                requests -> chunks(
                        onnx,
                        chunk -> requests.onNext(
                                InspectModelRequest.newBuilder().setChunk(chunk).build())));
    }

    static ModelRegistryServiceGrpc.ModelRegistryServiceStub stub() {
        return ModelRegistryServiceGrpc.newStub(service.channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    static void chunks(byte[] onnx, Consumer<ByteString> take) {
        for (int from = 0; from < onnx.length; from += 1 << 20) {
            take.accept(ByteString.copyFrom(onnx, from, Math.min(1 << 20, onnx.length - from)));
        }
    }

    static <Q, A> A call(Function<StreamObserver<A>, StreamObserver<Q>> method, Consumer<StreamObserver<Q>> send)
            throws Exception {
        CompletableFuture<A> answer = new CompletableFuture<>();
        StreamObserver<Q> requests = method.apply(new StreamObserver<>() {
            @Override
            public void onNext(A message) {
                answer.complete(message);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {}
        });
        send.accept(requests);
        requests.onCompleted();
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
