namespace Amazon.Lambda.Core;

/// <summary>The Amazon Cognito identity that invoked the function; members are null for every other caller.</summary>
public interface ICognitoIdentity
{
    string? IdentityId { get; }

    string? IdentityPoolId { get; }
}
