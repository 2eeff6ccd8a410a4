package io.foresell.cli.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Turns YAML text into plain trees of bounded size: no anchors, no tags, no deep nesting. */
final class YamlDocuments {
    private YamlDocuments() {}

    /** Returns the root of every document that holds anything. */
    static List<Node> parse(String source, String text) {
        if (text.length() > YamlProtos.MAX_BYTES) {
            throw YamlProtos.invalid("%s: %d characters (expected: at most 1 MiB)".formatted(source, text.length()));
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source)
                .setCodePointLimit(YamlProtos.MAX_BYTES)
                .build();
        try {
            checkEvents(source, new Parse(settings).parseString(text));
            List<Node> documents = new ArrayList<>();
            for (Node document : new Compose(settings).composeAllFromString(text)) {
                if (!isNull(document)) {
                    documents.add(document);
                }
            }
            return documents;
        } catch (MarkedYamlEngineException e) {
            throw YamlProtos.invalid(
                    "%s:%d: %s (expected: YAML)".formatted(source, line(e.getProblemMark()), problem(e)));
        } catch (YamlEngineException e) {
            throw YamlProtos.invalid("%s: %s (expected: YAML)"
                    .formatted(
                            source,
                            String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable")));
        }
    }

    private static String problem(MarkedYamlEngineException e) {
        String context = e.getContext();
        return context == null ? e.getProblem() : context + ", " + e.getProblem();
    }

    private static void checkEvents(String source, Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
                throw refused(source, event, "anchors and aliases are not supported (expected: plain values)");
            }
            if (isTagged(event)) {
                throw refused(source, event, "tags are not supported (expected: plain values)");
            }
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > YamlProtos.MAX_DEPTH) {
                throw refused(source, event, "nested deeper than %d (expected: less)".formatted(YamlProtos.MAX_DEPTH));
            }
        }
    }

    private static boolean isTagged(Event event) {
        return (event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
                || (event instanceof CollectionStartEvent collection
                        && collection.getTag().isPresent());
    }

    private static RuntimeException refused(String source, Event event, String what) {
        return YamlProtos.invalid("%s:%d: %s".formatted(source, line(event.getStartMark()), what));
    }

    /** Returns the 1-based line of a mark. */
    static int line(Optional<Mark> mark) {
        return mark.map(at -> at.getLine() + 1).orElse(0);
    }

    /** Says whether a node is an empty value or the word null. */
    static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && (scalar.getValue().isEmpty()
                        || scalar.getValue().equals("null")
                        || scalar.getValue().equals("~"));
    }
}
