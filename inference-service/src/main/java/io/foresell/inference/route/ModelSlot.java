package io.foresell.inference.route;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One release of one model with every version it routes to, all ready. Immutable: a request that holds a slot sees one
 * release whatever is published meanwhile.
 *
 * <p>Subjects are assigned by weighted rendezvous hashing: each version draws one uniform number per (salt, subject,
 * version), and the least {@code -ln(u) / weight} wins. Weights change only the divisor, never the draw. A subject hence moves
 * from version a to b only when weight(b) / weight(a) rose: raising one weight never takes a subject away from that version.
 */
public final class ModelSlot {
    private final String model;
    private final int revision;
    private final long saltHash;
    private final List<WeightedVersion> routes;
    private final @Nullable ServedVersion only; // the one version with a weight, when there is just one

    /**
     * Makes the slot of a release.
     *
     * @param revision the release's revision
     * @param salt keeps the assignment stable across releases
     * @param routes one or more, their weights summing to 100
     */
    public ModelSlot(String model, int revision, String salt, List<WeightedVersion> routes) {
        int sum = routes.stream().mapToInt(WeightedVersion::weight).sum();
        if (sum != 100) {
            throw new IllegalArgumentException("weights of %s: %d in sum (expected: 100)".formatted(model, sum));
        }
        this.model = model;
        this.revision = revision;
        this.saltHash = hash(0, salt);
        this.routes = routes.stream()
                .sorted(Comparator.comparingInt(
                        (WeightedVersion route) -> route.served().version()))
                .toList();
        List<WeightedVersion> weighted =
                this.routes.stream().filter(route -> route.weight() > 0).toList();
        this.only = weighted.size() == 1 ? weighted.get(0).served() : null;
    }

    public String model() {
        return model;
    }

    public int revision() {
        return revision;
    }

    /** Returns the routes by version. */
    public List<WeightedVersion> routes() {
        return routes;
    }

    /** Returns the version that answers every subject, or null when subjects are split. */
    public @Nullable ServedVersion only() {
        return only;
    }

    /** Returns the version that answers a subject; always the same one while the weights stay. */
    public ServedVersion versionFor(String subject) {
        if (only != null) {
            return only;
        }
        long subjectHash = hash(saltHash, subject);
        ServedVersion best = routes.get(0).served();
        double least = Double.POSITIVE_INFINITY;
        for (WeightedVersion route : routes) {
            if (route.weight() > 0) {
                double draw = draw(subjectHash, route.served().version()) / route.weight();
                if (draw < least) {
                    least = draw;
                    best = route.served();
                }
            }
        }
        return best;
    }

    /** Returns the version that answers a row without a subject, by its index in the request. */
    public ServedVersion versionFor(int rowIndex) {
        return only != null ? only : versionFor(Integer.toString(rowIndex));
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
    private static double draw(long subjectHash, int version) {
        long bits = mix(subjectHash ^ mix(version * 0x9E3779B97F4A7C15L));
        double uniform = ((bits >>> 11) + 0.5) * 0x1p-53; // in (0, 1)
        return -Math.log(uniform);
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
