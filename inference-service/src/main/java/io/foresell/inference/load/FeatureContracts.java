package io.foresell.inference.load;

import io.foresell.inference.lookup.FeatureSetClient;
import io.foresell.inference.lookup.FeatureSetRef;
import io.foresell.inference.route.FeatureContract;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.manifest.Manifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds versions against the feature store. One that is loaded and cannot be supplied is refused; one that served before is kept, and
 * what is broken is said. Used by the load lane's thread.
 */
final class FeatureContracts {
    private static final Logger log = LoggerFactory.getLogger(FeatureContracts.class);

    private final FeatureSetClient check;

    FeatureContracts(FeatureSetClient check) {
        this.check = check;
    }

    /**
     * Refuses a version that a release does not mean.
     *
     * @throws ServiceException FAILED_PRECONDITION when it was trained on another feature set, INVALID_ARGUMENT when it lacks the slice column
     */
    static void requireTerms(ReleaseTerms terms, ServedVersion version) {
        String hash = version.modelPackage().manifest().getFeatureSetHash();
        if (!terms.featureSetHash().isEmpty() && !terms.featureSetHash().equals(hash)) {
            throw new ServiceException(Failure.precondition(
                    "FEATURE_SET_MISMATCH",
                    "feature_set_hash: '%s' (expected: '%s', as the release says)"
                            .formatted(hash, terms.featureSetHash())));
        }
        if (!terms.sliceColumn().isEmpty()
                && !version.modelPackage().signature().contains(terms.sliceColumn())) {
            throw new ServiceException(Failure.invalid(
                    "SLICE_COLUMN_UNKNOWN", "slice_column", terms.sliceColumn(), "an input of the model"));
        }
    }

    /**
     * Checks a version that was loaded.
     *
     * @param isKept whether it serves even when it cannot be supplied, because it did before
     * @throws ServiceException FAILED_PRECONDITION when it cannot be supplied and is not kept
     */
    void check(String model, ServedVersion version, boolean isKept) {
        Manifest manifest = version.modelPackage().manifest();
        if (manifest.getFeatureSet().isEmpty()) {
            version.compared(FeatureContract.NONE);
            return;
        }
        FeatureContract before = version.featureContract();
        FeatureContract now;
        try {
            now = check.check(
                    new FeatureSetRef(manifest.getFeatureSet(), manifest.getFeatureSetHash()),
                    version.modelPackage().signature());
        } catch (ServiceException e) {
            if (!isKept) {
                throw e;
            }
            now = FeatureContract.broken(
                    e.failure().reason() + ": " + e.failure().message());
        }
        version.compared(now);
        if (now.state() != before.state() && !now.remark().isEmpty()) {
            log.warn(
                    "serving, but look-ups may fail model={} version={} contract={} cause=\"{}\"",
                    model,
                    version.version(),
                    now.state(),
                    now.remark());
        }
    }

    /** Checks a version again that could not be checked. */
    void checkAgain(String model, ServedVersion version) {
        if (version.featureContract().state() == FeatureContract.State.UNCHECKED) {
            check(model, version, true);
        }
    }
}
