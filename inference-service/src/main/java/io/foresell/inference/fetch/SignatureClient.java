package io.foresell.inference.fetch;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.proto.registry.v1.ListSignaturesRequest;
import io.foresell.proto.registry.v1.ListSignaturesResponse;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc.PackageSignatureServiceBlockingStub;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks the registry for signatures of packages. Used by the load lane's thread; blocks it. */
final class SignatureClient {
    private static final long CALL_SECONDS = 10;

    private final PackageSignatureServiceBlockingStub stub;

    SignatureClient(GrpcClient registry) {
        this.stub = PackageSignatureServiceGrpc.newBlockingStub(registry.channel());
    }

    List<PackageSignature> fetch(String model, String digest) {
        ListSignaturesResponse answer;
        try {
            answer = stub.withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .listSignatures(ListSignaturesRequest.newBuilder()
                            .setModel(model)
                            .setDigest(digest)
                            .build());
        } catch (StatusRuntimeException e) {
            throw new ServiceException(FailureStatus.fromStatus(e), e);
        }
        List<PackageSignature> signatures = new ArrayList<>();
        for (var signature : answer.getSignaturesList()) {
            String hex = HexFormat.of().formatHex(signature.getSignature().toByteArray());
            PackageTrust.add(signatures, signature.getKeyId(), hex);
        }
        return signatures;
    }
}
