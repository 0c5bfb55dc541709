using System.Diagnostics;
using System.Net.Sockets;

namespace CacheBackup.Architecture.Tests;

/// <summary>Dependencies point inward, in the project files and in what the compiler made of them.</summary>
public sealed class LayeringTests
{
    // Invariant: a project of the product stands here, and refers to these alone.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["AmazonLambda"] = [],
        ["Functions"] = ["Core", "AmazonLambda"],
        ["Aws"] = ["Core"],
        ["Caches"] = ["Core"],
        ["Bootstrap"] = ["Functions", "Aws", "Caches"],
        ["Local"] = ["Functions", "Aws", "Caches"],
        ["Infra"] = ["Functions"],
    };

    // A package's types stay behind the one project that implements our seam with it.
    private static readonly Dictionary<string, string[]> HomesOfPackages = new()
    {
        ["AWSSDK."] = ["Aws", "Bootstrap", "Local"],
        ["StackExchange.Redis"] = ["Caches"],
        ["Amazon.CDK"] = ["Infra"],
        ["Constructs"] = ["Infra"],
        ["Spectre.Console"] = ["Local"],
        ["System.CommandLine"] = ["Local"],
        ["Microsoft.AspNetCore."] = ["Local"],
    };

    private static readonly string[] ForbiddenInCore =
    [
        "Amazon.", "StackExchange.", "System.Net.Sockets.", "System.Net.Http.", "System.Diagnostics.Process", "Microsoft.AspNetCore.",
    ];

    private static readonly string[] OwnAssemblies = Allowed.Keys.Select(name => $"CacheBackup.{name}").ToArray();

    [Fact]
    public void Every_project_of_the_product_has_its_place_in_the_layers() =>
        Violations.None(Repository.ProductProjects.Select(project => project.Name).Except(Allowed.Keys));

    [Fact]
    public void Project_files_refer_only_inward()
    {
        Assert.NotEmpty(Repository.ProductProjects);

        var outward =
            from project in Repository.ProductProjects
            from reference in project.References
            where !Allowed[project.Name].Contains(reference)
            select $"{project.Path} refers to {reference}";
        Violations.None(outward);
    }

    [Fact]
    public void Assemblies_use_only_what_lies_inward_of_them()
    {
        var outward =
            from assembly in ProductAssemblies()
            from used in assembly.Assemblies.Intersect(OwnAssemblies)
            where !Inward(NameOf(assembly)).Contains(used["CacheBackup.".Length..])
            select $"{assembly.Name} uses {used}";
        Violations.None(outward);
    }

    [Fact]
    public void Types_of_a_package_are_used_only_where_its_seam_is_implemented()
    {
        var strays =
            from assembly in ProductAssemblies()
            from used in assembly.Assemblies
            from home in HomesOfPackages
            where used.StartsWith(home.Key, StringComparison.Ordinal) && !home.Value.Contains(NameOf(assembly))
            select $"{assembly.Name} uses {used}";
        Violations.None(strays);
    }

    [Fact]
    public void Core_uses_no_type_of_a_cloud_a_client_a_socket_or_a_process() =>
        Violations.None(Forbidden(CompiledAssembly.Read("CacheBackup.Core")));

    [Fact]
    public void Core_starts_no_work_on_other_threads_of_its_own() =>
        Assert.DoesNotContain("System.Threading.Tasks.Task.Run", CompiledAssembly.Read("CacheBackup.Core").Members);

    [Fact]
    public void Socket_or_process_in_an_assembly_is_seen()
    {
        // This very assembly uses one of each, below: a check that sees neither here would see nothing in Core.
        var forbidden = Forbidden(CompiledAssembly.Read("CacheBackup.Architecture.Tests"));

        Assert.Contains(typeof(Socket).FullName, forbidden);
        Assert.Contains(typeof(Process).FullName, forbidden);
        Assert.Contains("System.Threading.Tasks.Task.Run", CompiledAssembly.Read("CacheBackup.Architecture.Tests").Members);
    }

    [Fact]
    public async Task Names_that_the_check_looks_for_are_the_runtimes_own()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var process = Process.GetCurrentProcess();

        Assert.True(await Task.Run(() => !socket.Connected && process.Id > 0, TestContext.Current.CancellationToken));
    }

    private static List<string> Forbidden(CompiledAssembly assembly) =>
        assembly.Types.Where(type => ForbiddenInCore.Any(name => type.StartsWith(name, StringComparison.Ordinal))).Order().ToList();

    private static List<CompiledAssembly> ProductAssemblies() =>
        Repository.ProductProjects
            .Where(project => project.Path.StartsWith("src", StringComparison.Ordinal) && File.Exists(Path.Combine(AppContext.BaseDirectory, $"{project.AssemblyName}.dll")))
            .Select(project => CompiledAssembly.Read(project.AssemblyName))
            .ToList();

    private static string NameOf(CompiledAssembly assembly) => assembly.Name["CacheBackup.".Length..];

    private static HashSet<string> Inward(string project)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>(Allowed[project]);
        while (open.TryPop(out var next))
        {
            if (found.Add(next))
            {
                Allowed[next].ToList().ForEach(open.Push);
            }
        }

        return found;
    }
}
