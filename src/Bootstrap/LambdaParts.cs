using CacheBackup.Aws;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.Secrets;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Caches;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Bootstrap;

/// <summary>
/// The composition root in AWS: the seams of the operations on S3, Step Functions, Secrets Manager and CloudWatch. Made once a process;
/// nothing is sent until it is needed.
/// </summary>
internal static class LambdaParts
{
    /// <param name="function">The function that is to work with them: what only one of them may do, only that one gets.</param>
    public static ServiceParts Make(LambdaSettings settings, string function, Func<string, string?> variable, TimeProvider time)
    {
        S3StoreOptions s3 = S3StoreOptions.FromEnvironment(variable);
        RoutedObjectStore store = new(
            CatalogKeys.DataRoot, S3ObjectStore.Open(settings.Data, s3, time), S3ObjectStore.Open(settings.Catalog, s3, time));
        StepFunctionsExecutions executions = new(Service(AwsService.StepFunctions), settings.StateMachines);
        SecretsManagerCredentials credentials = new(Service(AwsService.SecretsManager), settings.SecretPrefix, time);
        RandomIds ids = new();
        ServiceParts? parts = null;
        parts = new ServiceParts
        {
            Store = store,
            Catalog = new BackupCatalog(store, ids),
            Events = new EventLog(store, []),
            Executions = executions,
            Caches = new LiveCaches(credentials, time),
            Provisioner = NoProvisioner.Instance,
            Buckets = new S3Buckets(s3, time),
            Configured = settings.Configured,
            Downloads = function == PickedFunction.Download ? new PresignedDownloads(backup => parts!.StoreOf(backup)) : NoDownloads.Instance,
            Ids = ids,
            Quotas = settings.Quotas,
            VerifySharePercent = settings.VerifySharePercent,
            StoragePricePerGigabyteMonth = settings.StoragePrice,
            Time = time,
        };
        return parts;

        AwsApi Service(AwsService service) => AwsApi.Open(service, AwsApiOptions.FromEnvironment(service, variable), time);
    }
}
