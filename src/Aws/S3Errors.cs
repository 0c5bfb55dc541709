using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using CacheBackup.Core;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <summary>
/// What S3's answers mean to a caller of the store. Messages carry S3's code and status, never its text: that may name credentials.
/// </summary>
internal static class S3Errors
{
    private const HttpStatusCode NoAnswer = 0;

    /// <summary>The store's exception for S3's, or null where it is something else.</summary>
    /// <param name="failure">What the SDK threw.</param>
    /// <param name="location">The store, for the message.</param>
    /// <param name="subject">What was tried on what, as <c>write 'catalog/x.json'</c>.</param>
    /// <param name="isWrite">404 answers a write when its <c>If-Match</c> finds no object.</param>
    public static Exception? Translate(Exception failure, S3Location location, string subject, bool isWrite) => failure switch
    {
        AmazonServiceException { StatusCode: not NoAnswer } answer => Answered(answer, location, subject, isWrite),
        AmazonClientException or HttpRequestException or IOException or SocketException or TimeoutException or WebException
            or OperationCanceledException => Unanswered(failure, location, subject),
        _ => null,
    };

    private static Exception Answered(AmazonServiceException answer, S3Location location, string subject, bool isWrite)
    {
        string what = $"S3 would not {subject} in {location}: {(int)answer.StatusCode} {answer.ErrorCode}.";
        switch (answer.ErrorCode)
        {
            case "NoSuchBucket":
                return new StoreNotFoundException(
                    $"There is no bucket '{location.Bucket}' (to {subject}); create it, or correct the location.", answer);
            case "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException":
                return new StoreNotFoundException(
                    $"{what} The bucket '{location.Bucket}' is in another Region; set AWS_REGION to the bucket's.", answer);
            case "NoSuchUpload" or "InvalidPart" or "InvalidPartOrder":
                return new UploadNotFoundException($"{what} The upload is not open, or it lacks a part that was listed.", answer);
            case "RequestTimeout" or "SlowDown" or "Throttling" or "RequestLimitExceeded":
                return new StoreUnavailableException(what + " Try again.", answer);
            case "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired":
                return new StoreAccessDeniedException($"{what} Sign in again: the credentials are no longer valid.", answer);
            case "QuotaExceeded" or "XMinioStorageFull" or "InsufficientStorage":
                return new StoreFullException($"{what} Free space there.", answer);
            default:
                return ByStatus(answer, what, isWrite);
        }
    }

    private static Exception ByStatus(AmazonServiceException answer, string what, bool isWrite) => answer.StatusCode switch
    {
        HttpStatusCode.PreconditionFailed => new PreconditionFailedException(what, answer),
        HttpStatusCode.NotFound when isWrite => new PreconditionFailedException(what + " There is no object to change.", answer),
        HttpStatusCode.NotFound => new ObjectNotFoundException(what, answer),
        HttpStatusCode.RequestedRangeNotSatisfiable =>
            new ArgumentOutOfRangeException(what + " The range begins beyond the object.", answer),
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new StoreAccessDeniedException(
            $"{what} Allow it to this role (and its KMS key); a missing object also looks like this without s3:ListBucket.", answer),
        HttpStatusCode.Conflict => new StoreUnavailableException(what + " Another write was in the way; try again.", answer),
        HttpStatusCode.InsufficientStorage => new StoreFullException($"{what} Free space there.", answer),
        // A completion is answered with 200 before it is done; an error may follow in the body.
        HttpStatusCode.OK or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
            new StoreUnavailableException(what + " Try again.", answer),
        _ => new PermanentException(what, answer),
    };

    private static Exception Unanswered(Exception failure, S3Location location, string subject) =>
        Causes(failure).Any(cause => cause is AmazonClientException && IsAboutCredentials(cause.Message))
            ? new StoreAccessDeniedException(
                $"There are no AWS credentials to {subject} in {location}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role.",
                failure)
            : new StoreUnavailableException(
                $"S3 did not answer a request to {subject} in {location}. In a VPC this needs an S3 gateway endpoint; elsewhere look at the "
                + "network and at AWS_ENDPOINT_URL_S3.",
                failure);

    // The SDK has no type of its own for this.
    private static bool IsAboutCredentials(string message) => message.Contains("credentials", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
