using System.Net;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What the Runtime API says to an invocation's result.</summary>
internal readonly record struct RuntimeApiAnswer(int StatusCode)
{
    public bool IsAccepted => StatusCode is >= 200 and < 300;

    public bool IsTooLarge => StatusCode == (int)HttpStatusCode.RequestEntityTooLarge;
}
