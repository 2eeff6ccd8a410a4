package io.foresell.inference.route;

import io.foresell.inference.ladder.Ladder;
import io.foresell.inference.ladder.LastKnown;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.measure.VersionCounts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One release of one model with every version it routes to, all ready. Immutable: a request that holds a slot sees one
 * release whatever is published meanwhile.
 *
 * <p>Subjects are assigned by weighted rendezvous hashing: each version draws one uniform number per (salt, subject,
 * version), and the least {@code -ln(u) / weight} wins. Weights change only the divisor, never the draw. A subject hence moves
 * from version a to b only when weight(b) / weight(a) rose: raising one weight never takes a subject away from that version. Whether
 * a subject is held out, or copied to a shadow, is a draw of its own below a percentage: raising it only adds subjects, and weights
 * have no part in it.
 */
public final class ModelSlot {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long HOLD_OUT = 0x486F6C644F757421L; // one draw each, apart from those of versions
    private static final long SHADOW = 0x536861646F777321L;
    private static final double PERCENT = 100;

    private final String model;
    private final int revision;
    private final ReleaseTerms terms;
    private final long saltHash;
    private final List<WeightedVersion> routes;
    private final List<WeightedVersion> shadows;
    private final ReleaseWindow window;
    private final Usage usage;
    private final @Nullable WeightedVersion baseline; // null without a hold-out group
    private final @Nullable SlotLadder ladder; // null when the release declares none, the ordinary case
    private final @Nullable WeightedVersion only; // the one version that answers, when there is just one

    /** Makes the slot of a release of routes and a salt, counted for itself. */
    public ModelSlot(String model, int revision, String salt, List<WeightedVersion> routes) {
        this(
                model,
                revision,
                ReleaseTerms.of(salt),
                routes,
                new ReleaseWindow(revision, Instant.EPOCH, partsOf(routes)));
    }

    /**
     * Makes the slot of a release.
     *
     * @param revision the release's revision
     * @param routes one or more, their weights summing to 100
     * @param window holds the counts of the routes
     */
    public ModelSlot(
            String model, int revision, ReleaseTerms terms, List<WeightedVersion> routes, ReleaseWindow window) {
        this(model, revision, terms, routes, window, new Usage(System.nanoTime()), null);
    }

    private ModelSlot(
            String model,
            int revision,
            ReleaseTerms terms,
            List<WeightedVersion> routes,
            ReleaseWindow window,
            Usage usage,
            @Nullable LastKnown known) {
        int sum = routes.stream().mapToInt(WeightedVersion::weight).sum();
        if (sum != 100) {
            throw new IllegalArgumentException("weights of %s: %d in sum (expected: 100)".formatted(model, sum));
        }
        this.model = model;
        this.revision = revision;
        this.terms = terms;
        this.saltHash = hash(0, terms.salt());
        this.routes = routes.stream()
                .sorted(Comparator.comparingInt(
                        (WeightedVersion route) -> route.served().version()))
                .toList();
        this.shadows = this.routes.stream().filter(WeightedVersion::isShadow).toList();
        this.window = window;
        this.usage = usage;
        this.baseline = terms.holdOut() == null
                ? null
                : required("hold_out.version", terms.holdOut().version());
        this.ladder = ladder(terms.ladder(), known);
        List<WeightedVersion> weighted =
                this.routes.stream().filter(route -> route.weight() > 0).toList();
        this.only = weighted.size() == 1 && baseline == null ? weighted.get(0) : null;
    }

    /** Makes the slot of a release whose routes are counted by a window, and its calls by a usage, that may have begun before. */
    public static ModelSlot of(
            String model,
            int revision,
            ReleaseTerms terms,
            List<WeightedVersion> routes,
            ReleaseWindow window,
            Usage usage) {
        return of(model, revision, terms, routes, window, usage, null);
    }

    /** Makes the same; {@code known} are the model's last known scores, null when the release gives none again. */
    public static ModelSlot of(
            String model,
            int revision,
            ReleaseTerms terms,
            List<WeightedVersion> routes,
            ReleaseWindow window,
            Usage usage,
            @Nullable LastKnown known) {
        List<WeightedVersion> counted = routes.stream()
                .map(route -> {
                    VersionCounts counts = window.counts(route.served().version());
                    return counts == null
                            ? route
                            : new WeightedVersion(route.served(), route.weight(), route.shadowPercent(), counts);
                })
                .toList();
        return new ModelSlot(model, revision, terms, counted, window, usage, known);
    }

    /** Returns what a window of these routes counts. */
    public static List<ReleaseWindow.Part> partsOf(List<WeightedVersion> routes) {
        return routes.stream()
                .map(route -> new ReleaseWindow.Part(route.counts(), route.weight(), route.shadowPercent()))
                .toList();
    }

    private @Nullable SlotLadder ladder(@Nullable Ladder declared, @Nullable LastKnown known) {
        if (declared == null) {
            return null;
        }
        int version = declared.fallbackVersion();
        return new SlotLadder(
                version == 0
                        ? null
                        : required("ladder.fallback_version", version).served(),
                known);
    }

    private WeightedVersion required(String field, int version) {
        return routes.stream()
                .filter(route -> route.served().version() == version && !route.isShadow())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s of %s: %d (expected: a route that is no shadow)".formatted(field, model, version)));
    }

    public String model() {
        return model;
    }

    public int revision() {
        return revision;
    }

    public ReleaseTerms terms() {
        return terms;
    }

    /** Returns the routes by version. */
    public List<WeightedVersion> routes() {
        return routes;
    }

    /** Returns the routes that score copies, by version. */
    public List<WeightedVersion> shadows() {
        return shadows;
    }

    /** Returns what counts under this release. */
    public ReleaseWindow window() {
        return window;
    }

    /** Returns what answers when the version chosen cannot in time, or null when nothing does. */
    public @Nullable SlotLadder ladder() {
        return ladder;
    }

    /** Returns whether subjects are answered by this very package: by weight, or those held out. */
    public boolean answers(int version, String digest) {
        for (WeightedVersion route : routes) {
            if (route.served().version() == version && route.served().digest().equals(digest)) {
                return route.weight() > 0
                        || (baseline != null && baseline.served().version() == version);
            }
        }
        return false;
    }

    /** Returns how the model is asked for. */
    public Usage usage() {
        return usage;
    }

    /** Returns the route that answers every subject, or null when subjects are split or some are held out. */
    public @Nullable WeightedVersion only() {
        return only;
    }

    /** Returns the key of a subject, by which it is assigned; always the same while the salt stays. */
    public long key(String subject) {
        return hash(saltHash, subject);
    }

    /** Returns the key of a row without a subject; different numbers are spread as different subjects are. */
    public long key(long number) {
        return mix(saltHash ^ mix(number + 1));
    }

    /** Returns whether a subject belongs to the hold-out group. */
    public boolean isHeldOut(long key) {
        return terms.holdOut() != null
                && uniform(key ^ HOLD_OUT) * PERCENT < terms.holdOut().percent();
    }

    /** Returns whether the rows of a subject are copied to a shadow. */
    public boolean isCopied(long key, WeightedVersion shadow) {
        long draw = key ^ SHADOW ^ mix(shadow.served().version() * GOLDEN);
        return uniform(draw) * PERCENT < shadow.shadowPercent();
    }

    /** Returns the route that answers a subject: the baseline when it is held out, else by weight. */
    public WeightedVersion routeFor(long key) {
        if (only != null) {
            return only;
        }
        if (baseline != null && isHeldOut(key)) {
            return baseline;
        }
        WeightedVersion best = routes.get(0);
        double least = Double.POSITIVE_INFINITY;
        for (WeightedVersion route : routes) {
            if (route.weight() > 0) {
                double draw = draw(key, route.served().version()) / route.weight();
                if (draw < least) {
                    least = draw;
                    best = route;
                }
            }
        }
        return best;
    }

    /** Returns the version that answers a subject; always the same one while the weights stay. */
    public ServedVersion versionFor(String subject) {
        return routeFor(key(subject)).served();
    }

    /** Returns a version of this release by number, or null when it is not loaded. */
    public @Nullable ServedVersion version(int version) {
        for (WeightedVersion route : routes) {
            if (route.served().version() == version) {
                return route.served();
            }
        }
        return null;
    }

    /** Returns an exponentially distributed number fixed by subject and version. */
    private static double draw(long key, int version) {
        return -Math.log(uniform(key ^ mix(version * GOLDEN)));
    }

    /** Returns a number in (0, 1) fixed by the seed. */
    private static double uniform(long seed) {
        return ((mix(seed) >>> 11) + 0.5) * 0x1p-53;
    }

    /** FNV-1a over UTF-16 units, then mixed. */
    private static long hash(long seed, String text) {
        long hash = 0xCBF29CE484222325L ^ seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mix(hash);
    }

    /** A bijection in which every input bit moves about half of the output bits: the 64-bit finaliser of MurmurHash3. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
