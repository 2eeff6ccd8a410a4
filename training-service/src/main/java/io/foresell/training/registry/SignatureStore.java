package io.foresell.training.registry;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOptions;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.kit.sign.SigningKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bson.Document;

/** Signatures by package. A package is signed once it was checked and before a version shows it, never later by itself. Thread-safe. */
final class SignatureStore {
    private static final String SIGNATURES = "registry_signatures";
    private static final int MAX_SIGNATURES = 16;

    private final MongoDatabase database;
    private final Clock clock;
    private final Optional<Supplier<SigningKey>> signer;

    SignatureStore(MongoDatabase database, Clock clock, Optional<Supplier<SigningKey>> signer) {
        this.database = database;
        this.clock = clock;
        this.signer = signer;
    }

    /** Signs the package with that digest, when there is a key. */
    void sign(String digest) {
        signer.ifPresent(key -> add(digest, key.get().sign(digest)));
    }

    List<PackageSignature> of(String digest) {
        return signatures()
                .find(eq("digest", digest))
                .limit(MAX_SIGNATURES)
                .map(found -> new PackageSignature(found.getString("key_id"), found.getString("signature")))
                .into(new ArrayList<>());
    }

    void add(String digest, PackageSignature signature) {
        List<PackageSignature> known = of(digest);
        boolean isNew = known.stream().noneMatch(other -> other.keyId().equals(signature.keyId()));
        if (isNew && known.size() >= MAX_SIGNATURES) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_SIGNATURES",
                    "signatures: %d (expected: at most %d)".formatted(known.size() + 1, MAX_SIGNATURES)));
        }
        String id = digest + " " + signature.keyId();
        Document document = new Document("_id", id)
                .append("digest", digest)
                .append("key_id", signature.keyId())
                .append("signature", signature.hex())
                .append("added_at", Date.from(clock.instant()));
        signatures().replaceOne(eq("_id", id), document, new ReplaceOptions().upsert(true));
    }

    void createIndexes() {
        signatures().createIndex(Indexes.ascending("digest"));
    }

    private MongoCollection<Document> signatures() {
        return database.getCollection(SIGNATURES);
    }
}
