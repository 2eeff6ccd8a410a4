package io.foresell.training.registry;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.gridfs.GridFSBucket;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.gridfs.GridFSDownloadStream;
import com.mongodb.client.gridfs.model.GridFSFile;
import com.mongodb.client.gridfs.model.GridFSUploadOptions;
import com.mongodb.client.model.Filters;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.ObjectId;

/** Package files in GridFS. A file that no version points to is harmless and swept later. Thread-safe. */
final class PackageStore {
    static final int CHUNK_BYTES = 1 << 20;

    private final GridFSBucket bucket;

    PackageStore(MongoDatabase database) {
        this.bucket = GridFSBuckets.create(database, "registry_packages").withChunkSizeBytes(CHUNK_BYTES);
    }

    /** Stores the file and returns its id. The driver removes what it wrote when it fails on the way. */
    String put(Path file, String digest, String model) {
        GridFSUploadOptions options = new GridFSUploadOptions().metadata(new Document("model", model));
        try (InputStream in = Files.newInputStream(file)) {
            return bucket.uploadFromStream(digest, in, options).toHexString();
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition("SCRATCH_UNREADABLE", "scratch file: cannot be read back"), e);
        }
    }

    GridFSDownloadStream open(String fileId) {
        return bucket.openDownloadStream(new ObjectId(fileId));
    }

    boolean exists(String fileId) {
        return bucket.find(Filters.eq("_id", new ObjectId(fileId))).first() != null;
    }

    void delete(String fileId) {
        bucket.delete(new ObjectId(fileId));
    }

    /** Returns the ids of files stored before that instant. */
    List<String> storedBefore(Instant instant) {
        return bucket.find(Filters.lt("uploadDate", Date.from(instant)))
                .map(GridFSFile::getObjectId)
                .map(ObjectId::toHexString)
                .into(new ArrayList<>());
    }
}
