using Amazon.Lambda.Core;

namespace CacheBackup.Functions;

/// <summary>A context of a host that can stop a function before its time is up. Lambda has none: it ends the process.</summary>
public interface IStoppableContext : ILambdaContext
{
    CancellationToken Stopping { get; }
}
