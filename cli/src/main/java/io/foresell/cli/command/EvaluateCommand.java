package io.foresell.cli.command;

import io.foresell.proto.registry.v1.GetVersionResponse;
import io.foresell.proto.registry.v1.ModelVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows how good a version is. */
@Command(
        name = "evaluate",
        sortOptions = false,
        description = "Show how a version was judged: metrics, lift, calibration, importance, clusters.")
final class EvaluateCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "MODEL[@VERSION|@ALIAS]", description = "The version (default: the newest).")
    private String model = "";

    EvaluateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ModelVersion version = ModelRef.parse(model).resolve(session);
        GetVersionResponse response =
                GetVersionResponse.newBuilder().setVersion(version).build();
        session.answer(response, () -> {
            ModelsCommand.printHead(session.terminal(), version);
            new EvaluationText(session.terminal()).all(version.getEvaluation());
            new ClusterText(session).print(version);
        });
        return ExitCode.OK;
    }
}
