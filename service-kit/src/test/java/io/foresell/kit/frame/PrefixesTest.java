package io.foresell.kit.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PrefixesTest {
    private static ByteBuf bytes(int... values) {
        ByteBuf bytes = Unpooled.buffer();
        for (int value : values) {
            bytes.writeByte(value);
        }
        return bytes;
    }

    @Test
    void messagesMayBeCutIntoFramesAnywhere() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = random.nextInt(4); i > 0; i--) {
                int length = random.nextInt(700);
                byte[] prefix =
                        ByteBuffer.allocate(5).put((byte) 0).putInt(length).array();
                all.writeBytes(prefix);
                all.writeBytes(new byte[length]);
            }
            ByteBuf sent = Unpooled.wrappedBuffer(all.toByteArray());
            Prefixes prefixes = new Prefixes(false);
            while (sent.readableBytes() > 0) {
                ByteBuf frame = sent.readSlice(1 + random.nextInt(Math.min(300, sent.readableBytes())));
                assertThat(prefixes.wrong(frame, sent.readableBytes() == 0)).isNull();
                assertThat(frame.readerIndex()).as("bytes taken").isZero();
            }
        }
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(new Prefixes(false).wrong(bytes(0, 0, 0, 0, 0, 7), false)).contains("flags 7");
        assertThat(new Prefixes(false).wrong(bytes(1, 0, 0, 0, 0), false)).contains("grpc-encoding");
        assertThat(new Prefixes(true).wrong(bytes(1, 0, 0, 0, 0), true)).isNull();
        assertThat(new Prefixes(false).wrong(bytes(0, 0, 0, 0), true)).contains("in its prefix");
        assertThat(new Prefixes(false).wrong(bytes(0, 0, 0, 0, 3, 1), true)).contains("2 bytes early");
        assertThat(new Prefixes(false).wrong(bytes(0, 0, 0, 0, 3, 1), false)).isNull();
    }

    /** gRPC refuses it by its length alone. */
    @Test
    void aLengthBeyondAllLimitsIsLeftToGrpc() {
        assertThat(new Prefixes(false).wrong(bytes(0, 0xFF, 0xFF, 0xFF, 0xFF, 9, 9), true))
                .isNull();
    }

    @Test
    void knowsTheOnePlainMessageOfAUnaryCall() {
        assertThat(Prefixes.isOnePlainMessage(bytes(0, 0, 0, 0, 2, 8, 9))).isTrue();
        assertThat(Prefixes.isOnePlainMessage(bytes(1, 0, 0, 0, 2, 8, 9))).isFalse();
        assertThat(Prefixes.isOnePlainMessage(bytes(0, 0, 0, 0, 3, 8, 9))).isFalse();
        assertThat(Prefixes.isOnePlainMessage(bytes(0, 0, 0))).isFalse();
    }
}
