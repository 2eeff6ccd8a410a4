package io.foresell.gateway.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.gateway.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That no body, however mutilated, brings the reader down: it is a request or a problem of the caller's. */
final class InferQuestionTest {
    private static final String JSON =
            """
            {"id":"r","parameters":{"a":1,"b":1.5,"c":"x","binary_data_output":true},"inputs":[
             {"name":"a","shape":[2,1],"datatype":"INT32","data":[[1],[2]]},
             {"data":["x",null],"name":"b","shape":[2],"datatype":"BYTES"},
             {"name":"c","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}}],
             "outputs":[{"name":"o","parameters":{"binary_data":false,"classification":3}}]}""";

    @Test
    void readsOrRefusesMutilatedBodies() {
        Random random = new Random(5);
        byte[] json = JSON.getBytes(StandardCharsets.UTF_8);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] body = new byte[json.length + 8];
            System.arraycopy(json, 0, body, 0, json.length);
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(10) == 0 ? random.nextInt(body.length + 2) : json.length;
            try {
                var request = InferQuestion.read(body, String.valueOf(length)).to("m", "");
                assertThat(request.getRawInputContentsCount()).isEqualTo(request.getInputsCount());
                read++;
            } catch (ProblemException e) {
                assertThat(e.problem().status()).isEqualTo(400);
                assertThat(e.problem().detail()).isNotEmpty();
                refused++;
            }
        }
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }
}
