using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using CacheBackup.Bootstrap;
using CacheBackup.Functions;

// One program for every function: Lambda says by ANNOTATIONS_HANDLER which one this process is. It is made by the initializer, so that
// whatever keeps it from starting is told to Lambda as an error of the start.
FunctionEntry? function = null;

Task<bool> StartAsync()
{
    function = PickedFunction.Open(Environment.GetEnvironmentVariable, TimeProvider.System);
    return Task.FromResult(true);
}

async Task<Stream> HandleAsync(Stream input, ILambdaContext context)
{
    MemoryStream output = new();
    await function!.InvokeAsync(input, output, context);
    output.Position = 0;
    return output;
}

using LambdaBootstrap bootstrap = LambdaBootstrapBuilder.Create(HandleAsync).UseBootstrapHandler(StartAsync).Build();
try
{
    await bootstrap.RunAsync();
    return 0;
}
catch (Exception e) when (function is null)
{
    // Told to Lambda already, and logged.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
