using Amazon.Lambda.Core;

namespace CacheBackup.Functions;

/// <summary>One function, ready to be called: by Lambda's runtime, or by the local runner.</summary>
/// <param name="Name">The <c>ResourceName</c> of its <c>[LambdaFunction]</c>, which is also its placeholder in the state machines.</param>
/// <param name="Timeout">Of its <c>[LambdaFunction]</c>.</param>
/// <param name="InvokeAsync">Reads the input's JSON from the first stream and writes the output's JSON to the second.</param>
public sealed record FunctionEntry(string Name, TimeSpan Timeout, Func<Stream, Stream, ILambdaContext, Task> InvokeAsync);
