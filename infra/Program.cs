using Amazon.CDK;
using CacheBackup.Infra;
using CacheBackup.Infra.Context;

string root = Checkout.Find();
App app = new();
try
{
    _ = BackupStack.Create(app, StackContext.Parse(ContextSource.Read(root)), root, Path.Combine(root, "dist", "lambda"));
}
catch (StackContextException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

app.Synth();
return 0;
