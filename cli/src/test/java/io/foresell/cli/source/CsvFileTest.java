package io.foresell.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as people have them, through {@link CsvFile}. */
final class CsvFileTest {
    @TempDir
    private Path folder;

    private CsvFile open(byte[] bytes) throws IOException {
        return CsvFile.open(Files.write(folder.resolve("f.csv"), bytes), Optional.empty());
    }

    private CsvFile open(String text) throws IOException {
        return open(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<List<String>> rows(CsvFile csv) {
        List<List<String>> rows = new ArrayList<>();
        csv.forEachRow((line, values) -> rows.add(values));
        return rows;
    }

    @Test
    void readsQuotesNewLinesInFieldsAndBothLineEnds() throws IOException {
        CsvFile csv = open("id, note \r\n1,\"a \"\"b\"\", c\"\r\n2,\"two\nlines\"\r\n\r\n3,\n");
        assertThat(csv.columns()).containsExactly("id", "note");
        assertThat(csv.rowCount()).isEqualTo(3);
        assertThat(rows(csv)).containsExactly(List.of("1", "a \"b\", c"), List.of("2", "two\nlines"), List.of("3", ""));
        List<Long> lines = new ArrayList<>();
        csv.forEachRow((line, values) -> lines.add(line));
        assertThat(lines).containsExactly(2L, 3L, 6L);
    }

    @Test
    void passesShortAndLongRowsOn() throws IOException {
        assertThat(rows(open("a,b\n1\n1,2,3\n"))).containsExactly(List.of("1"), List.of("1", "2", "3"));
    }

    @Test
    void skipsAByteOrderMark() throws IOException {
        assertThat(open("\uFEFFa,b\n1,2\n").columns()).containsExactly("a", "b");
    }

    @Test
    void recognisesDelimitersAndTakesTheOneGiven() throws IOException {
        assertThat(open("a;b,c;d\n1;2;3\n").columns()).containsExactly("a", "b,c", "d");
        assertThat(open("a\tb\n1\t2\n").delimiter()).isEqualTo('\t');
        assertThat(open("\"a,b\";c\n1;2\n").columns()).containsExactly("a,b", "c");
        Path file = Files.writeString(folder.resolve("f.csv"), "a:b\n1:2\n");
        assertThat(CsvFile.open(file, Optional.of(':')).columns()).containsExactly("a", "b");
    }

    @Test
    void readsGzipWhateverTheNameWithTheSameDigest() throws IOException {
        byte[] text = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text);
        }
        CsvFile csv = open(packed.toByteArray());
        assertThat(rows(csv)).containsExactly(List.of("1", "2"));
        assertThat(csv.byteCount()).isEqualTo(text.length);
        assertThat(csv.sha256()).isEqualTo(open(text).sha256());
        assertThatThrownBy(() -> open(Arrays.copyOf(packed.toByteArray(), packed.size() - 12)))
                .hasMessageContaining("damaged gzip");
    }

    @Test
    void readsTextOverBufferEdgesCharacterByCharacter() throws IOException {
        StringBuilder text = new StringBuilder("a,b\n");
        for (int i = 0; i < 20_000; i++) {
            text.append("é").append(i % 7).append("𝒳,合同\n");
        }
        CsvFile csv = open(text.toString());
        assertThat(csv.rowCount()).isEqualTo(20_000);
        assertThat(rows(csv).get(19_999)).containsExactly("é0𝒳".replace('0', (char) ('0' + 19_999 % 7)), "合同");
    }

    @Test
    void refusesWhatIsNotUtf8WithOffsetAndLine() {
        byte[] late = ("a,b\n" + "1,2\n".repeat(50_000) + "3,x").getBytes(StandardCharsets.UTF_8);
        late[late.length - 1] = (byte) 0xe9;
        assertRefused(late, "byte 0xe9 at offset 200006 (line 50002) is not UTF-8");
        assertRefused("a,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE), "line 1 holds a NUL character");
        assertRefused(new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0}, "offset 0 (line 1) is not UTF-8", "UTF-16");
        byte[] cut = "a,b\n1,é".getBytes(StandardCharsets.UTF_8);
        assertRefused(Arrays.copyOf(cut, cut.length - 1), "byte 0xc3 at offset 6 (line 2) is not UTF-8");
    }

    @Test
    void addsColumnsThatSayTheSameOrTheLine() throws IOException {
        CsvFile plain = open("a\n1\n\n2\n");

        CsvFile csv = plain.numbered("line").with(Map.of("part", "test", "id", "test-{line}"));

        assertThat(csv.columns()).containsExactly("id", "part", "line", "a");
        assertThat(rows(csv)).containsExactly(List.of("test-2", "test", "2", "1"), List.of("test-4", "test", "4", "2"));
        assertThat(csv.sha256()).isNotEqualTo(plain.sha256());
        assertThat(csv.sha256())
                .isNotEqualTo(plain.with(Map.of("part", "train")).sha256());
        assertThat(plain.with(Map.of())).isEqualTo(plain);
        assertThatThrownBy(() -> plain.with(Map.of("a", "x"))).hasMessageContaining("both named 'a'");
    }

    @Test
    void refusesFilesWithoutRowsOrWithBadHeaders() {
        assertRefused("", "empty (expected: a header line and rows)");
        assertRefused("\n\n", "empty");
        assertRefused("a,b\n", "0 rows below the header");
        assertRefused("a,b,a\n1,2,3\n", "columns 1 and 3 are both named 'a'");
        assertRefused("a,,c\n1,2,3\n", "column 2 has no name");
        assertRefused("a,b\n1,\"never closed\n2,3\n", "expected: CSV as in RFC 4180");
    }

    private void assertRefused(String text, String expected) {
        assertRefused(text.getBytes(StandardCharsets.UTF_8), expected);
    }

    /** Asserts that a file is refused with a message that contains one of the texts. */
    private void assertRefused(byte[] bytes, String... expected) {
        assertThatThrownBy(() -> open(bytes)).isInstanceOfSatisfying(ServiceException.class, e -> assertThat(expected)
                .anySatisfy(text -> assertThat(e.failure().message()).contains(text)));
    }
}
