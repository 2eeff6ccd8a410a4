package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.foresell.model.PackageException;
import io.foresell.model.manifest.Golden;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Reasons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas in docs/model-package say what the reader takes. */
class PackageSchemaTest {
    private static final Path SCHEMAS = Path.of("../docs/model-package");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonSchema schema(String file) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of(SCHEMAS.resolve(file)
                        .toAbsolutePath()
                        .normalize()
                        .toUri()
                        .toString()));
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> faults(Map<String, byte[]> entries) {
        try {
            JsonNode manifest = JSON.readTree(entries.get("manifest.json"));
            String version = "v" + manifest.path("formatVersion").asInt() + "/";
            List<ValidationMessage> faults =
                    new ArrayList<>(schema(version + "manifest.schema.json").validate(manifest));
            faults.addAll(schema("reasons.schema.json").validate(JSON.readTree(entries.get("reasons.json"))));
            JsonSchema golden = schema(version + "golden.schema.json");
            for (String line : text(entries, "golden.jsonl").lines().toList()) {
                faults.addAll(golden.validate(JSON.readTree(line)));
            }
            return faults.stream().map(ValidationMessage::getMessage).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Map<String, byte[]> entries, String name) {
        return new String(entries.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    static Stream<Path> keptPackages() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/packages"))) {
            return files.filter(file -> file.toString().endsWith(".zip")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("keptPackages")
    void keptPackagesFitTheirSchema(Path file) throws IOException {
        assertThat(faults(Entries.read(Files.readAllBytes(file)))).isEmpty();
    }

    @Test
    void writtenPackagesFitTheirSchema() {
        for (int seed = 0; seed < 10; seed++) {
            assertThat(faults(Entries.read(PackageWriter.write(Packages.content(seed)))))
                    .isEmpty();
        }
        for (PackageContent content : Packages.ofEveryTask(3)) {
            assertThat(faults(Entries.read(PackageWriter.write(content)))).isEmpty();
        }
    }

    private static PackageContent withTexts() {
        return IntStream.range(0, 100)
                .mapToObj(Packages::content)
                .filter(content -> content.signature().textWidth() > 0)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "formatVersion\": 1|formatVersion\": 2",
                "\"model\": \"churn\"|\"model\": \"\"",
                "binary|ranking",
                "\"width\": 1|\"width\": 0",
                "\"width\": 1|\"width\": 4097",
                "INPUT_KIND_TEXT\",\n    \"width\": 1|INPUT_KIND_TEXT\",\n    \"width\": 2",
                "INPUT_KIND_NUMBER|INPUT_KIND_UNSPECIFIED",
                "\"highFrom\": 0.6|\"highFrom\": 1.6",
                "\"task\"|\"answer\": {\"output\": \"x\"}, \"task\"",
                "\"task\"|\"goldenTolerance\": 1e-4, \"task\"",
                "\"task\"|\"threshold\": 2, \"task\"",
                "\"task\"|\"meaning\": {\"English\": \"risk\"}, \"task\"",
                "\"task\"|\"model\": 7, \"task\"",
                "\"means\": [|\"means\": [\"Infinity\", ",
                "\"shares\": [|\"shares\": [2, ",
                "\"missingShare\": 0|\"missingShare\": 3",
                "\"frequencies\": {|\"frequencies\": {\"x\": 2, ",
                "\"probability\":0.|\"probability\":7.",
                "\"numbers\":[|\"numbers\":[true,",
            })
    void whatTheReaderRefusesTheSchemaRefuses(String edit) {
        String old = edit.substring(0, edit.indexOf('|'));
        String replacement = edit.substring(edit.indexOf('|') + 1);
        Map<String, byte[]> entries = new LinkedHashMap<>(Entries.read(PackageWriter.write(withTexts())));
        String before = text(entries, "manifest.json") + text(entries, "reasons.json") + text(entries, "golden.jsonl");
        assertThat(before).contains(old);
        entries.replaceAll((name, bytes) -> name.endsWith(".onnx")
                ? bytes
                : new String(bytes, StandardCharsets.UTF_8)
                        .replace(old, replacement)
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(faults(entries)).isNotEmpty();
        assertThat(catchThrowable(() -> ModelPackage.read(Entries.write(entries))))
                .isInstanceOf(PackageException.class);
    }

    @Test
    void fieldsAreThoseOfTheProto() {
        for (String version : List.of("v1", "v2")) {
            compare(Manifest.getDescriptor(), version + "/manifest.schema.json");
            compare(Golden.getDescriptor(), version + "/golden.schema.json");
        }
        compare(Reasons.getDescriptor(), "reasons.schema.json");
    }

    private static void compare(Descriptor type, String file) {
        JsonNode root = json(SCHEMAS.resolve(file));
        compare(type, root, root, file, new HashSet<>());
    }

    private static void compare(Descriptor type, JsonNode schema, JsonNode root, String place, Set<String> done) {
        if (!done.add(type.getFullName())) {
            return;
        }
        Set<String> expected = new TreeSet<>();
        type.getFields().forEach(field -> expected.add(field.getJsonName()));
        Set<String> actual = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(actual::add);
        assertThat(actual).as("%s: %s", place, type.getName()).isEqualTo(expected);
        for (FieldDescriptor field : type.getFields()) {
            JsonNode property = schema.path("properties").path(field.getJsonName());
            if (property.isBoolean()) {
                continue; // Belongs to another format version.
            }
            compare(
                    field,
                    resolved(field.isRepeated() && !field.isMapField() ? property.path("items") : property, root),
                    root,
                    place,
                    done);
        }
    }

    private static void compare(FieldDescriptor field, JsonNode schema, JsonNode root, String place, Set<String> done) {
        String name = place + ": " + field.getFullName();
        if (field.isMapField()) {
            assertThat(schema.path("type").asText()).as(name).isEqualTo("object");
            return;
        }
        switch (field.getJavaType()) {
            case MESSAGE -> compare(field.getMessageType(), schema, root, place, done);
            case ENUM -> assertThat(texts(schema.path("enum"))).as(name).isSubsetOf(names(field.getEnumType()));
            case STRING -> assertThat(schema.has("enum") || schema.has("const") || isOf(schema, "string"))
                    .as(name)
                    .isTrue();
            case INT, LONG, FLOAT, DOUBLE -> assertThat(isNumeric(schema))
                    .as(name)
                    .isTrue();
            default -> assertThat(field.getJavaType()).as(name).isNull();
        }
    }

    private static boolean isOf(JsonNode schema, String type) {
        return schema.path("type").asText().equals(type);
    }

    private static boolean isNumeric(JsonNode schema) {
        return isOf(schema, "number")
                || isOf(schema, "integer")
                || schema.path("const").isInt()
                || isNumericChoice(schema.path("anyOf"));
    }

    private static boolean isNumericChoice(JsonNode choices) {
        return choices.size() > 0 && isNumeric(choices.get(0));
    }

    private static JsonNode resolved(JsonNode schema, JsonNode root) {
        return schema.has("$ref") ? root.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        assertThat(texts).isNotEmpty();
        return texts;
    }

    private static List<String> names(EnumDescriptor type) {
        return type.getValues().stream().map(value -> value.getName()).toList();
    }
}
