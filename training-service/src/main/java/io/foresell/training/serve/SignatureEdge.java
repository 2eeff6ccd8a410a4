package io.foresell.training.serve;

import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.proto.registry.v1.AddSignatureRequest;
import io.foresell.proto.registry.v1.AddSignatureResponse;
import io.foresell.proto.registry.v1.ListSignaturesRequest;
import io.foresell.proto.registry.v1.ListSignaturesResponse;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.foresell.training.registry.ModelRegistry;
import io.grpc.stub.StreamObserver;
import java.util.HexFormat;

/** Signatures of packages on the wire. Handlers may block. */
public final class SignatureEdge extends PackageSignatureServiceGrpc.PackageSignatureServiceImplBase {
    private final ModelRegistry registry;

    public SignatureEdge(ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void listSignatures(ListSignaturesRequest request, StreamObserver<ListSignaturesResponse> caller) {
        Answers.unary(caller, () -> ListSignaturesResponse.newBuilder()
                .addAllSignatures(registry.signatures(request.getModel(), request.getDigest()).stream()
                        .map(SignatureEdge::of)
                        .toList())
                .build());
    }

    @Override
    public void addSignature(AddSignatureRequest request, StreamObserver<AddSignatureResponse> caller) {
        Answers.unary(caller, () -> {
            registry.addSignature(request.getModel(), request.getDigest(), signature(request));
            return AddSignatureResponse.getDefaultInstance();
        });
    }

    private static PackageSignature signature(AddSignatureRequest request) {
        try {
            return new PackageSignature(
                    request.getSignature().getKeyId(),
                    HexFormat.of()
                            .formatHex(request.getSignature().getSignature().toByteArray()));
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Failure.invalid("SIGNATURE_INVALID", String.valueOf(e.getMessage())), e);
        }
    }

    private static io.foresell.proto.registry.v1.PackageSignature of(PackageSignature signature) {
        return io.foresell.proto.registry.v1.PackageSignature.newBuilder()
                .setKeyId(signature.keyId())
                .setSignature(ByteString.copyFrom(HexFormat.of().parseHex(signature.hex())))
                .build();
    }
}
