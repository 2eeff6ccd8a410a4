package io.foresell.onnxruntime;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.PackageException;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;

/**
 * ONNX Runtime changes the case of texts by a locale of the operating system, "en_US.UTF-8" by default, which small images do not
 * have. Every one has "C.UTF-8", which knows the same pairs of letters.
 */
final class TextLocale {
    /** What ONNX Runtime says when the locale is not there. */
    private static final String MISSING = "Failed to construct locale";

    private static final String NAME = "locale";
    private static final ByteString NEUTRAL = ByteString.copyFromUtf8("C.UTF-8");

    private TextLocale() {}

    static boolean isMissing(String message) {
        return message.contains(MISSING);
    }

    /** Returns the graph with the locale that is always there. */
    static byte[] neutral(byte[] onnx) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
            for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
                if (node.getOpType().equals("StringNormalizer")) {
                    setLocale(node);
                }
            }
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH,
                    "model.onnx: %d bytes are not an ONNX file: %s".formatted(onnx.length, e.getMessage()),
                    e);
        }
    }

    private static void setLocale(NodeProto.Builder node) {
        AttributeProto locale = AttributeProto.newBuilder()
                .setName(NAME)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(NEUTRAL)
                .build();
        for (int i = 0; i < node.getAttributeCount(); i++) {
            if (node.getAttribute(i).getName().equals(NAME)) {
                node.setAttribute(i, locale);
                return;
            }
        }
        node.addAttribute(locale);
    }
}
