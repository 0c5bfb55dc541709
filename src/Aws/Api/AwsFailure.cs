using System.Net;

namespace CacheBackup.Aws.Api;

/// <summary>An error that a service of AWS answered with.</summary>
public sealed record AwsFailure
{
    // The codes that AWS's own clients call throttling or passing, whatever the status beside them.
    private static readonly HashSet<string> PassingCodes = new(StringComparer.Ordinal)
    {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown", "PriorRequestNotComplete",
        "TransactionInProgressException", "ProvisionedThroughputExceededException", "RequestTimeout", "RequestTimeoutException",
        "InternalError", "InternalFailure", "InternalServiceError", "InternalServiceErrorException", "ServiceUnavailable",
        "ServiceUnavailableException", "KmsThrottlingException", "ExecutionLimitExceeded", "APICallRateForCustomerExceeded",
    };

    private static readonly HashSet<string> AccessCodes = new(StringComparer.Ordinal)
    {
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "AuthFailure", "KmsAccessDeniedException",
        "OptInRequired",
    };

    private static readonly HashSet<string> CredentialCodes = new(StringComparer.Ordinal)
    {
        "ExpiredToken", "ExpiredTokenException", "InvalidToken", "InvalidClientTokenId", "UnrecognizedClientException",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "IncompleteSignature", "IncompleteSignatureException",
        "InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed",
    };

    public required AwsService Service { get; init; }

    /// <summary>The operation's name, as <c>StartExecution</c>.</summary>
    public required string Action { get; init; }

    public required HttpStatusCode Status { get; init; }

    /// <summary>The error's code on the wire; empty where the answer had none.</summary>
    public required string Code { get; init; }

    /// <summary>What the service says for people, without control characters and cut to a few hundred; null where it says nothing.</summary>
    public string? Text { get; init; }

    /// <summary>By which AWS's support finds the call.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsPassing =>
        PassingCodes.Contains(Code) || Status == HttpStatusCode.TooManyRequests || (Status >= HttpStatusCode.InternalServerError && !IsAccess && !AreCredentials);

    /// <summary>Whether the role lacks a right.</summary>
    public bool IsAccess => AccessCodes.Contains(Code) || (Status == HttpStatusCode.Forbidden && !AreCredentials);

    /// <summary>Whether the caller was not recognized at all.</summary>
    public bool AreCredentials => CredentialCodes.Contains(Code);

    /// <summary>The right that the call needs, as policies write it.</summary>
    public string IamAction => $"{Service.Prefix}:{Action}";

    /// <summary>One line for a message; it has no text of AWS's.</summary>
    public override string ToString() =>
        $"{Service} answered {Action} with {(int)Status}{(Code.Length > 0 ? $" {Code}" : "")}{(RequestId is null ? "" : $" (request {RequestId})")}";
}
