package io.foresell.cli.command;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves the report of a version. */
@Command(
        name = "report",
        sortOptions = false,
        description = "Save the report of a version: one HTML page with figures, curves, examples and provenance.")
final class ReportCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "MODEL[@VERSION|@ALIAS]", description = "The version (default: the newest).")
    private String model = "";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            order = 1,
            description = "Where to (default: MODEL-VERSION.html).")
    private @Nullable Path out;

    ReportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ModelVersion version = ModelRef.parse(model).resolve(session);
        ByteString html = session.services()
                .registry()
                .getReport(GetReportRequest.newBuilder()
                        .setModel(version.getModel())
                        .setVersion(version.getVersion())
                        .build())
                .getHtml();
        Path target = out != null ? out : Path.of("%s-%d.html".formatted(version.getModel(), version.getVersion()));
        save(html, target);
        print(html, target);
        return ExitCode.OK;
    }

    private static void save(ByteString html, Path target) {
        try (OutputStream file = Files.newOutputStream(target)) {
            html.writeTo(file);
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.invalid("FILE_UNUSABLE", "%s: %s (expected: a file to write)".formatted(target, e)), e);
        }
    }

    private void print(ByteString html, Path target) {
        if (session.isJson()) {
            JsonObject document = new JsonObject();
            document.addProperty("file", target.toString());
            document.addProperty("bytes", html.size());
            session.terminal().line(Json.text(document));
        } else {
            session.terminal().line("%s  %s".formatted(target, Shown.bytes(html.size())));
        }
    }
}
