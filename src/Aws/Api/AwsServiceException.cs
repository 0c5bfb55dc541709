using CacheBackup.Core;

namespace CacheBackup.Aws.Api;

/// <summary>
/// A service of AWS refused a call for a reason that stays. What passes (throttling, 5xx, no answer) is told as
/// <see cref="Core.Storage.StoreUnavailableException"/>, which every state machine tries again.
/// </summary>
public class AwsServiceException(AwsFailure failure, string message, Exception? innerException = null)
    : PermanentException(message, innerException)
{
    public AwsFailure Failure { get; } = failure;
}
