namespace CacheBackup.Aws.Api;

/// <summary>The role lacks the right to a call, or its credentials are not taken; the message names the action.</summary>
public sealed class AwsAccessDeniedException(AwsFailure failure, string message) : AwsServiceException(failure, message);
