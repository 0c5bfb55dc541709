namespace Amazon.Lambda.Core;

/// <summary>What the AWS mobile SDK sends beside an event.</summary>
public interface IClientContext
{
    IDictionary<string, string> Environment { get; }

    IClientApplication Client { get; }

    IDictionary<string, string> Custom { get; }
}
