package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ListVersionsResponse;
import io.foresell.proto.registry.v1.ModelVersion;
import io.grpc.Status;

/**
 * A model and which of its versions.
 *
 * @param model the model's name
 * @param which a number, {@code latest}, an alias, or empty when nothing was said
 */
record ModelRef(String model, String which) {
    private static final String LATEST = "latest";

    static ModelRef parse(String text) {
        int at = text.indexOf('@');
        ModelRef reference =
                at < 0 ? new ModelRef(text, "") : new ModelRef(text.substring(0, at), text.substring(at + 1));
        if (reference.model.isEmpty() || (at >= 0 && reference.which.isEmpty())) {
            throw invalid(text);
        }
        return reference;
    }

    private static ServiceException invalid(String text) {
        return new ServiceException(
                Failure.invalid("MODEL_INVALID", "model", text, "MODEL, MODEL@VERSION, MODEL@latest or MODEL@alias"));
    }

    boolean hasVersion() {
        return !which.isEmpty();
    }

    /** Asks the registry which version is meant; nothing said means the newest. */
    ModelVersion resolve(Session session) {
        if (which.isEmpty() || which.equals(LATEST)) {
            ListVersionsResponse versions = session.services()
                    .registry()
                    .listVersions(
                            ListVersionsRequest.newBuilder().setModel(model).build());
            if (versions.getVersionsCount() == 0) {
                throw Status.NOT_FOUND
                        .withDescription("model: '%s' has no version (expected: one published)".formatted(model))
                        .asRuntimeException();
            }
            return versions.getVersions(0);
        }
        GetVersionRequest.Builder request = GetVersionRequest.newBuilder().setModel(model);
        if (which.chars().allMatch(Character::isDigit)) {
            request.setVersion(number(which));
        } else {
            request.setAlias(which);
        }
        return session.services().registry().getVersion(request.build()).getVersion();
    }

    /** Returns a version's number from text. */
    static int number(String text) {
        try {
            int version = Integer.parseInt(text);
            if (version > 0) {
                return version;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ServiceException(Failure.invalid("VERSION_INVALID", "version", text, "1 to 2147483647"));
    }
}
