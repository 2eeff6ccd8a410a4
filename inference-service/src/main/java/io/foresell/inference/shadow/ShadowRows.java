package io.foresell.inference.shadow;

import io.foresell.inference.lookup.FeatureLookup;
import io.foresell.inference.lookup.FeatureSetRef;
import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.lookup.KnownFeatures;
import io.foresell.inference.lookup.RowProjection;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.manifest.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Answered rows as a shadow reads them: the same values by name, or for entities its own features. */
final class ShadowRows {
    private final FeatureLookup lookup;

    ShadowRows(FeatureLookup lookup) {
        this.lookup = lookup;
    }

    /** Rows in the order of the shadow's signature, and which answered row each one is. */
    record Read(Rows rows, List<Integer> places) {}

    /**
     * Reads some of the answered rows; entities that the shadow's feature set does not know are left out.
     *
     * @throws ServiceException FAILED_PRECONDITION when the shadow needs inputs that are not there, UNAVAILABLE when they cannot be had
     */
    Read read(AnsweredRows answered, ServedVersion shadow, int[] places) {
        FoundFeatures features = answered.features();
        Signature inputs = shadow.modelPackage().signature();
        List<Integer> all = Arrays.stream(places).boxed().toList();
        if (features == null) {
            return new Read(projected(answered, inputs, places), all);
        }
        FeatureSetRef set = setOf(shadow);
        if (set.equals(setOf(answered.champion()))) {
            return new Read(features.rowsFor(inputs, places), all);
        }
        if (set.name().isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "ENTITY_KEYS_UNSUPPORTED", "the shadow has no feature set (expected: one to look entities up)"));
        }
        return lookedUp(answered, set, inputs, places);
    }

    private static FeatureSetRef setOf(ServedVersion version) {
        Manifest manifest = version.modelPackage().manifest();
        return new FeatureSetRef(manifest.getFeatureSet(), manifest.getFeatureSetHash());
    }

    private Read lookedUp(AnsweredRows answered, FeatureSetRef set, Signature inputs, int[] places) {
        List<String> keys = Arrays.stream(places).mapToObj(answered::subject).toList();
        KnownFeatures known;
        try {
            known = lookup.findKnown(set, inputs, keys).join(); // the call has a deadline
        } catch (CompletionException e) {
            if (e.getCause() instanceof ServiceException failure) {
                throw failure;
            }
            throw e;
        }
        List<Integer> found = new ArrayList<>();
        for (int place : known.places()) {
            found.add(places[place]);
        }
        return new Read(known.features().rows(), found);
    }

    private static Rows projected(AnsweredRows answered, Signature inputs, int[] places) {
        Signature from = answered.champion().modelPackage().signature();
        for (InputField field : inputs.inputs()) {
            if (!from.contains(field.name()) || !from.input(field.name()).equals(field)) {
                throw new ServiceException(Failure.precondition(
                        "INPUT_MISSING",
                        "input '%s': not in the rows of version %d (expected: every input of the shadow)"
                                .formatted(field.name(), answered.champion().version())));
            }
        }
        return RowProjection.project(answered.rows(), from, places, inputs);
    }
}
