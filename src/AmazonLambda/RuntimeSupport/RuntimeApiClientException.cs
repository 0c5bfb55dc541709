namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The Runtime API answered in a way after which this process cannot go on; it is to exit, and Lambda starts another.</summary>
public class RuntimeApiClientException : Exception
{
    internal RuntimeApiClientException(string message, int statusCode, Exception? innerException = null)
        : base(message, innerException) => StatusCode = statusCode;

    /// <summary>The HTTP status of the answer.</summary>
    public int StatusCode { get; }
}
