package io.foresell.inference.load;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.route.FeatureContract;
import io.foresell.inference.route.ServedVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes all versions of a release ready, those in memory by taking them. Used by the load lane's thread. */
final class ReleaseLoader {
    private final VersionLoader loader;
    private final FeatureContracts contracts;
    private final ServingReleases serving;
    private final VersionFacts facts;

    ReleaseLoader(VersionLoader loader, FeatureContracts contracts, ServingReleases serving, VersionFacts facts) {
        this.loader = loader;
        this.contracts = contracts;
        this.serving = serving;
        this.facts = facts;
    }

    /** A version of a release cannot be had. */
    static final class ReleaseRefused extends Exception {
        private static final long serialVersionUID = 1;

        private final transient RoutedVersion route;

        ReleaseRefused(RoutedVersion route, Throwable error) {
            super(error);
            this.route = route;
        }

        RoutedVersion route() {
            return route;
        }

        Throwable error() {
            return java.util.Objects.requireNonNull(getCause());
        }
    }

    /**
     * Ready versions in the order of the routes.
     *
     * @param fresh those that were not in memory
     */
    record LoadedRelease(List<ServedVersion> ready, List<ServedVersion> fresh) {
        /** Lets go of what was loaded in vain. */
        void discard() {
            fresh.forEach(version -> version.meters().close());
        }
    }

    boolean isOnDisk(Release release) {
        return release.routes().stream().allMatch(loader::isOnDisk);
    }

    /** How the feature sets of versions are compared that are loaded. */
    enum Comparison {
        /** A version that cannot be supplied is refused. */
        REQUIRED,
        /** It served before: it serves whatever the feature store says. */
        KEPT,
        /** It served before, and calls wait: the feature store is asked when nobody does. */
        LATER
    }

    /** Has all packages on disk, verified. */
    void fetch(Release release) throws InterruptedException, ReleaseRefused {
        for (RoutedVersion route : release.routes()) {
            try {
                loader.fetch(release.model(), route);
            } catch (IOException | RuntimeException e) {
                requireOpen(e);
                throw new ReleaseRefused(route, e);
            }
        }
    }

    /** Loads a release. */
    LoadedRelease load(Release release, Comparison comparison) throws InterruptedException, ReleaseRefused {
        List<ServedVersion> ready = new ArrayList<>();
        List<ServedVersion> fresh = new ArrayList<>();
        for (RoutedVersion route : release.routes()) {
            try {
                ServedVersion version = serving.inMemory(release.model(), route);
                if (version == null) {
                    version = load(release, route, comparison, fresh);
                }
                FeatureContracts.requireTerms(release.terms(), version);
                ready.add(version);
                Fallbacks.require(release, ready);
            } catch (Throwable e) { // the lane outlives whatever one package does, a missing native library included
                requireOpen(e);
                fresh.forEach(version -> version.meters().close());
                throw new ReleaseRefused(route, e);
            }
        }
        return new LoadedRelease(ready, fresh);
    }

    private ServedVersion load(Release release, RoutedVersion route, Comparison comparison, List<ServedVersion> fresh)
            throws IOException {
        FeatureContract before = facts.contract(route);
        ServedVersion version = loader.load(release.model(), route, facts.rowCost(route));
        fresh.add(version);
        if (comparison == Comparison.LATER) {
            version.compared(before);
        } else {
            contracts.check(release.model(), version, comparison == Comparison.KEPT);
        }
        facts.learn(version);
        return version;
    }

    private static void requireOpen(Throwable cause) throws InterruptedException {
        if (Thread.interrupted()) {
            throw (InterruptedException) new InterruptedException("closed while loading").initCause(cause);
        }
    }
}
