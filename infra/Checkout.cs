using CacheBackup.Infra.Context;

namespace CacheBackup.Infra;

/// <summary>The checkout that is deployed: the folder of <c>cdk.json</c> and <c>statemachines/</c>.</summary>
internal static class Checkout
{
    /// <summary>At or above the current directory, or above the program.</summary>
    /// <exception cref="StackContextException">There is none.</exception>
    public static string Find() =>
        Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory)
        ?? throw new StackContextException("There is no cdk.json here or above: run this in the checkout.");

    private static string? Above(string path)
    {
        for (DirectoryInfo? folder = new(path); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "cdk.json")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
