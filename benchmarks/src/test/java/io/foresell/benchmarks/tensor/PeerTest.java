package io.foresell.benchmarks.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerTest {
    @Test
    void readsAddressModelVersionFormAndInput() {
        Peer triton = Peer.parse("triton=grpc://host:8001/churn/3?form=typed&input=INPUT__0");
        assertThat(triton.target()).isEqualTo("host:8001");
        assertThat(triton.model()).isEqualTo("churn");
        assertThat(triton.version()).isEqualTo("3");
        assertThat(triton.form()).isEqualTo(TensorForm.TYPED);
        assertThat(triton.input()).isEqualTo("INPUT__0");
        assertThat(triton.title()).isEqualTo("triton, typed");
        assertThat(Peer.parse("t=grpc://host:8001/churn").form()).isEqualTo(TensorForm.RAW);
        assertThat(Peer.parse("m=http://host:8080/churn").form()).isEqualTo(TensorForm.JSON);
        assertThat(Peer.parse("m=https://host:8080/churn/2?form=binary").inferAddress())
                .hasToString("https://host:8080/v2/models/churn/versions/2/infer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "grpc://host:1/m; no name",
                "a=ftp://host:1/m; scheme 'ftp'",
                "a=host:1/m; scheme 'host'",
                "a=grpc://host/m; no host and port",
                "a=grpc://host:1; path ''",
                "a=grpc://host:1/m/1/2; path '/m/1/2'",
                "a=grpc://host:1/m?from=raw; 'from=raw'",
                "a=grpc://host:1/m?form=json; form 'json' (expected: raw or typed)",
                "a=http://host:1/m?form=raw; form 'raw' (expected: json or binary)",
                "a=grpc://ho st:1/m; no address"
            })
    void namesWhatIsWrongAndWhatIsExpected(String text, String what) {
        assertThatThrownBy(() -> Peer.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("peer: '" + text + "': " + what)
                .hasMessageContaining("(expected: ");
    }
}
