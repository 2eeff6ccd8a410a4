package io.foresell.training.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is decided about one model, read and replaced as one document. Versions, alias moves and releases are
 * kept as documents of their own; an entry stays in the journal, part of this document, until its own is written.
 *
 * @param revision counts the replacements of the document; 0 when there is none yet
 * @param aliases versions by alias
 */
record ModelState(
        String model,
        long revision,
        int versionCount,
        int aliasMoveCount,
        Map<String, Integer> aliases,
        @Nullable Release release,
        List<Entry> journal) {

    /** A document on its way to the collection {@code into}. */
    record Entry(String into, Document document) {}

    ModelState {
        aliases = Map.copyOf(aliases);
        journal = List.copyOf(journal);
    }

    static ModelState none(String model) {
        return new ModelState(model, 0, 0, 0, Map.of(), null, List.of());
    }

    boolean exists() {
        return revision > 0;
    }

    ModelState withVersion(ModelVersion version) {
        return new ModelState(
                model,
                revision + 1,
                version.version(),
                aliasMoveCount,
                aliases,
                release,
                journaled(ModelDocuments.VERSIONS, ModelDocuments.ofVersion(version)));
    }

    ModelState withAlias(AliasMove move) {
        Map<String, Integer> moved = new TreeMap<>(aliases);
        moved.put(move.alias(), move.toVersion());
        return new ModelState(
                model,
                revision + 1,
                versionCount,
                aliasMoveCount + 1,
                moved,
                release,
                journaled(ModelDocuments.ALIAS_MOVES, ModelDocuments.ofMove(model, aliasMoveCount + 1, move)));
    }

    ModelState withRelease(Release next) {
        return new ModelState(
                model,
                revision + 1,
                versionCount,
                aliasMoveCount,
                aliases,
                next,
                journaled(ModelDocuments.RELEASES, ModelDocuments.ofHistory(next)));
    }

    private List<Entry> journaled(String into, Document document) {
        List<Entry> more = new ArrayList<>(journal);
        more.add(new Entry(into, document));
        return more;
    }
}
