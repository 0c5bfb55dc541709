using CacheBackup.Core;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Rewrites;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Functions.Recover;

namespace CacheBackup.Functions.Api;

/// <summary>Every kind of problem that the API answers, and which exception becomes which: each of ours has one of its own.</summary>
public static class ProblemKinds
{
    public static readonly ProblemKind InvalidRequest = new("invalid-request", 400, "A rule is broken. Nothing happened.");
    public static readonly ProblemKind NoToken = new("no-token", 401, "A token is needed.");
    public static readonly ProblemKind ForeignOrigin = new("foreign-origin", 403, "Web pages of other origins may not call.");
    public static readonly ProblemKind NotConfigured = new("target-not-configured", 403, "The place is not among those that the service is configured for.");
    public static readonly ProblemKind BadLink = new("bad-link", 403, "That is no link of this service.");
    public static readonly ProblemKind LinkExpired = new("link-expired", 403, "The link has expired.");
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is no such cache, backup or execution.");
    public static readonly ProblemKind NoSuchRoute = new("no-such-route", 404, "There is no such path.");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "The path does not take this method; Allow names those that it takes.");
    public static readonly ProblemKind Conflict = new("conflict", 409, "The state does not allow it.");
    public static readonly ProblemKind NotRestorable = new("backup-not-restorable", 409, "The backup is not available, or does not fit.");
    public static readonly ProblemKind Damaged = new("backup-damaged", 409, "The backup's data are not what its record says.");
    public static readonly ProblemKind Provisioning = new("provisioning", 409, "No such cache can be made here.");
    public static readonly ProblemKind NotAvailableHere = new("target-not-available-here", 409, "This kind of cache is ElastiCache's, and there is none here.");
    public static readonly ProblemKind RequestInProgress = new("request-in-progress", 409, "A request with this Idempotency-Key is being answered: ask again with the same key.");
    public static readonly ProblemKind BodyTooLarge = new("body-too-large", 413, "The body has more than 64 KiB.");
    public static readonly ProblemKind BadRange = new("bad-range", 416, "The file has no such range.");
    public static readonly ProblemKind WrongHost = new("wrong-host", 421, "The Host is not this machine.");
    public static readonly ProblemKind IdempotencyMismatch = new("idempotency-mismatch", 422, "The Idempotency-Key was used for another request.");
    public static readonly ProblemKind QuotaExceeded = new("quota-exceeded", 429, "The cache has had its manual backups for 24 hours.");
    public static readonly ProblemKind Internal = new("internal", 500, "A fault of ours; the log has it.");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "A passing fault: try again.");
    public static readonly ProblemKind TimedOut = new("timed-out", 503, "It took longer than a request may: try again.");

    private static readonly Dictionary<Type, ProblemKind> ByException = new()
    {
        [typeof(InvalidRequestException)] = InvalidRequest,
        [typeof(NotFoundException)] = NotFound,
        [typeof(CatalogConflictException)] = Conflict,
        [typeof(BackupNotRestorableException)] = NotRestorable,
        [typeof(ProvisioningException)] = Provisioning,
        [typeof(RequestInProgressException)] = RequestInProgress,
        [typeof(IdempotencyMismatchException)] = IdempotencyMismatch,
        [typeof(NoLongerOwnerException)] = new("no-longer-owner", 409, "Another execution owns the record by now."),
        [typeof(BackupDamagedException)] = Damaged,
        [typeof(TargetNotConfiguredException)] = NotConfigured,
        [typeof(BackupQuotaExceededException)] = QuotaExceeded,
        [typeof(TargetNotAvailableHereException)] = NotAvailableHere,
        [typeof(NativeSnapshotFailedException)] = new("native-snapshot-failed", 409, "ElastiCache took no snapshot, or none that can be used."),
        [typeof(NativeExportFailedException)] = new("native-export-failed", 409, "ElastiCache did not export a snapshot."),
        [typeof(ManagedCacheCreateFailedException)] = new("managed-create-failed", 409, "ElastiCache did not make the cache."),
        [typeof(ManagedCacheRestoreFailedException)] = new("managed-restore-failed", 409, "ElastiCache made the cache and could not fill it."),
        [typeof(ManagedDeleteFailedException)] = new("managed-delete-failed", 409, "ElastiCache does not delete the cache."),
        [typeof(BucketNotFoundException)] = new("bucket-not-found", 409, "The bucket is not there."),
        [typeof(BucketNotOwnedException)] = new("bucket-not-owned", 409, "The bucket is another account's."),
        [typeof(BucketForbiddenException)] = new("bucket-forbidden", 409, "The bucket refuses access."),
        [typeof(BucketOutsideRegionException)] = new("bucket-outside-region", 409, "The bucket is in another Region."),
        [typeof(BucketReadNotGrantedException)] = new("bucket-read-not-granted", 409, "The bucket does not grant reading."),
        [typeof(BucketWriteNotGrantedException)] = new("bucket-write-not-granted", 409, "The bucket does not grant writing."),
        [typeof(BucketAclNotGrantedException)] = new("bucket-acl-not-granted", 409, "The bucket does not grant reading its ACL."),
        [typeof(BucketAclsDisabledException)] = new("bucket-acls-disabled", 409, "The bucket has its ACLs disabled."),
        [typeof(BucketKmsEncryptedException)] = new("bucket-kms-encrypted", 409, "The bucket encrypts with a KMS key."),
        [typeof(BucketFileExistsException)] = new("bucket-file-exists", 409, "There is a file of that name in the bucket already."),
        [typeof(BucketFileNameException)] = new("bucket-file-name", 400, "The file's name is not one that the bucket may hold."),
        [typeof(RestoreMismatchException)] = new("restore-mismatch", 409, "The new cache differs from the backup."),
        [typeof(ForeignWriterException)] = new("foreign-writer", 409, "Somebody else writes into the cache that is being restored."),
        [typeof(CacheNotComparableException)] = new("cache-not-comparable", 409, "The new cache was loaded, and cannot be read back from here."),
        [typeof(TargetNotEmptyException)] = new("target-not-empty", 409, "The cache to restore into holds data."),
        [typeof(TargetOutOfMemoryException)] = new("target-out-of-memory", 409, "The cache to restore into has too little memory."),
        [typeof(TargetTooSlowException)] = new("target-too-slow", 409, "The cache to restore into takes data too slowly."),
        [typeof(TargetRefusedException)] = new("target-refused", 409, "The cache to restore into refuses what a restore needs."),
        [typeof(ReplicationRefusedException)] = new("replication-refused", 409, "The cache refuses to be replicated."),
        [typeof(ClusterReshardedException)] = new("cluster-resharded", 409, "The cluster's slots kept moving while the backup was taken."),
        [typeof(ScanRefusedException)] = new("scan-refused", 409, "The cache cannot be scanned."),
        [typeof(CacheEmptiedException)] = new("cache-emptied", 409, "The cache lost its items while they were being taken."),
        [typeof(CacheAccessDeniedException)] = new("cache-access-denied", 409, "The cache refuses the user or the password."),
        [typeof(ObjectLockedException)] = new("locked", 409, "The data are locked until a date."),
        [typeof(NotInRdbVersionException)] = new("not-in-rdb-version", 409, "The version of the file that is to be written cannot hold a value."),
        [typeof(RewriteRefusedException)] = new("rewrite-refused", 409, "Files cannot be made into one as they are."),
        [typeof(RdbFormatException)] = new("rdb-format", 422, "The data are not an RDB file, or a damaged one."),
        [typeof(CatalogUnreadableException)] = new("catalog-unreadable", 500, "A catalog document is damaged, or of a newer version."),
        [typeof(SegmentIndexException)] = new("segment-index", 500, "A backup's index is damaged, or of a newer version."),
        [typeof(StoreAccessDeniedException)] = new("store-access-denied", 500, "The object store refuses access."),
        [typeof(StoreNotFoundException)] = new("store-not-found", 500, "The object store is not there."),
        [typeof(ObjectNotFoundException)] = new("object-not-found", 500, "An object is missing in the store."),
        [typeof(UploadNotFoundException)] = new("upload-not-found", 500, "An upload into the store is not open."),
        [typeof(UploadTooLongException)] = new("upload-too-long", 500, "The data are longer than the store takes in one object."),
        [typeof(PreconditionFailedException)] = new("write-lost", 500, "A conditional write into the store met something else."),
        [typeof(CacheProtocolException)] = new("cache-protocol", 502, "The cache answers what its protocol does not allow."),
        [typeof(RespFormatException)] = new("resp-format", 502, "The cache's answer is not RESP."),
        [typeof(CacheTlsException)] = new("cache-tls", 502, "There is no trustworthy TLS connection to the cache."),
        [typeof(StoreUnavailableException)] = Unavailable,
        [typeof(ExecutionStillRunningException)] = new("execution-still-running", 503, "An execution still runs that is told to have ended: try again."),
        [typeof(OutOfTimeException)] = TimedOut,
        [typeof(CacheUnreachableException)] = new("cache-unreachable", 503, "The cache cannot be reached: try again."),
        [typeof(ClusterUnsettledException)] = new("cluster-unsettled", 503, "Slots of the cluster are on the move: try again."),
        [typeof(CacheLoadingException)] = new("cache-loading", 503, "The cache is loading its data: try again."),
        [typeof(ManagedSourceBusyException)] = new("managed-source-busy", 503, "ElastiCache is at work on the cache: try again."),
        [typeof(TransferCutException)] = new("transfer-cut", 503, "The connection to the cache was cut: try again."),
        [typeof(TransferStalledException)] = new("transfer-stalled", 503, "The cache stopped sending: try again."),
        [typeof(StoreFullException)] = new("store-full", 507, "There is no room in the store."),
    };

    /// <summary>All kinds, by status and code.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        .. new[]
        {
            InvalidRequest, NoToken, ForeignOrigin, BadLink, LinkExpired, NotFound, NoSuchRoute, MethodNotAllowed, BodyTooLarge, BadRange, WrongHost, Internal,
            Unavailable, TimedOut,
        }.Concat(ByException.Values).Distinct().OrderBy(kind => kind.Status).ThenBy(kind => kind.Code, StringComparer.Ordinal),
    ];

    /// <summary>The problem that an exception is stated to become; null where none is stated for exactly this type.</summary>
    public static ProblemKind? Stated(Type exception) => ByException.GetValueOrDefault(exception);

    /// <summary>The problem that an exception becomes; whatever is not ours is <see cref="Internal"/>.</summary>
    public static ProblemKind Of(Exception exception) => Stated(exception.GetType()) ?? exception switch
    {
        TransientException => Unavailable,
        OperationCanceledException => TimedOut,
        _ => Internal,
    };
}
