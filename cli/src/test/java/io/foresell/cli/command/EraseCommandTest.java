package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.EraseEntityRequest;
import org.junit.jupiter.api.Test;

/** What 'erase' sends and tells. */
final class EraseCommandTest extends AgainstFixture {
    @Test
    void erasesAndPrintsTheReceipt() {
        CommandRun run = run("erase", "customer", "C-1042", "--reason", "request 17");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        EraseEntityRequest asked = server.erasures.asked.get(0);
        assertThat(asked.getEntityKey()).isEqualTo("C-1042");
        assertThat(asked.getReason()).isEqualTo("request 17");
        assertThat(asked.getActor()).isNotEmpty();
        assertThat(asked.getIsDryRun()).isFalse();
        assertThat(run.out()).containsPattern("history +orders +3").contains("erased, receipt receipt-1");
        assertThat(run("erase", "--receipts").out()).contains("receipt-1", "key:admin", "request 17");
    }

    @Test
    void countsOnlyWhenAskedTo() {
        CommandRun run = run("erase", "customer", "C-1042", "--dry-run");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(server.erasures.asked.get(0).getIsDryRun()).isTrue();
        assertThat(run.out()).contains("would go", "nothing was erased").doesNotContain("receipt");
    }

    @Test
    void saysWhatIsMissing() {
        CommandRun nobody = run("erase", "customer");
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(nobody.err()).contains("ENTITY and KEY are needed");
        CommandRun unknown = run("erase", "costumer", "C-1");
        assertThat(unknown.exitCode()).isNotZero();
        assertThat(unknown.err()).contains("costumer");
        assertThat(server.erasures.asked).isEmpty();
    }
}
