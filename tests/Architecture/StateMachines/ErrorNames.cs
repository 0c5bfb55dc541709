using System.Reflection;
using CacheBackup.Core;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>The error names that a machine may speak of: the short names of our exceptions, and a fixed list of AWS's.</summary>
/// <param name="Transient">Ours that may pass when the step is tried again.</param>
/// <param name="Permanent">Ours that never do.</param>
public sealed record ErrorNames(IReadOnlySet<string> Transient, IReadOnlySet<string> Permanent)
{
    /// <summary>What every Lambda task retries: AWS's own bad luck.</summary>
    public static IReadOnlyList<string> AwsTransient { get; } =
    [
        "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.ClientExecutionTimeoutException",
        "Lambda.TooManyRequestsException", "Lambda.ResourceNotReadyException",
    ];

    /// <summary>What every Lambda task retries too: a call that died, by AWS's names. No task does what may not be done twice.</summary>
    public static IReadOnlyList<string> AwsDeaths { get; } = ["Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "States.Timeout"];

    /// <summary>Names beside ours that a machine may use at all.</summary>
    public static IReadOnlyList<string> Aws { get; } = [.. AwsTransient, .. AwsDeaths, "States.TaskFailed", "States.ALL"];

    /// <summary>These stand for permanent errors too, and so must not be retried.</summary>
    public static IReadOnlyList<string> AwsWildcards { get; } = ["States.ALL", "States.TaskFailed"];

    /// <summary>The names of the product's exceptions.</summary>
    public static ErrorNames Ours { get; } = new(Names<TransientException>(), Names<PermanentException>());

    public bool IsKnown(string name) =>
        Transient.Contains(name) || Permanent.Contains(name) || Aws.Contains(name) || name.StartsWith("ElastiCache.", StringComparison.Ordinal);

    /// <summary>Every exception type of the product.</summary>
    public static IEnumerable<Type> ExceptionTypes() =>
        from project in Repository.ProductProjects
        where File.Exists(Path.Combine(AppContext.BaseDirectory, $"{project.AssemblyName}.dll"))
        from type in Assembly.Load(project.AssemblyName).GetTypes()
        where type.IsAssignableTo(typeof(Exception))
        select type;

    private static HashSet<string> Names<TException>() =>
        ExceptionTypes().Where(type => type.IsAssignableTo(typeof(TException))).Select(type => type.Name).ToHashSet();
}
