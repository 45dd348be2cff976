/* Prints the tree that Apache's own reader makes of configuration files.
 *
 *   TreedumpFiles LIST   reads each file named in LIST, one name a line, and ends the process. While
 *                        it reads nothing is carried out: Include, Define and <IfModule> are
 *                        directives like all others, so any file can be read by itself.
 *   TreedumpServer On    prints the server's whole tree once it is read, with all that is carried
 *                        out while reading, and ends the process before a directive is judged.
 *
 * A record has six fields, each with a NUL behind it: what it is, depth, line, file, name, arguments.
 * "directive" is a node of the tree; "refused" has the message for arguments; "end" ends a file.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "httpd.h" /* the others need it */

#include "http_config.h"
#include "http_core.h"

static int whole = 0;

static void print_record(const char *kind, int depth, int line, const char *file, const char *name,
                         const char *args) {
    printf("%s%c%d%c%d%c%s%c%s%c%s%c", kind, 0, depth, 0, line, 0, file, 0, name, 0, args, 0);
}

static void print_tree(const ap_directive_t *node, int depth) {
    for (; node; node = node->next) {
        print_record("directive", depth, node->line_num, node->filename, node->directive,
                     node->args ? node->args : "");
        if (node->first_child) print_tree(node->first_child, depth + 1);
    }
}

/* The tables of commands are constants: their pages have to be made writable first. */
static void carry_nothing_out(void) {
    unsigned long page = sysconf(_SC_PAGESIZE);
    for (int i = 0; ap_loaded_modules[i]; i++) {
        command_rec *command = (command_rec *)ap_loaded_modules[i]->cmds;
        for (; command && command->name; command++) {
            if (!(command->req_override & EXEC_ON_READ)) continue;
            char *start = (char *)((unsigned long)command & -page);
            mprotect(start, (char *)(command + 1) - start, PROT_READ | PROT_WRITE);
            command->req_override &= ~EXEC_ON_READ;
        }
    }
}

static void read_one(const cmd_parms *server, const char *path) {
    cmd_parms parms = *server;
    ap_directive_t *tree = NULL;
    const char *error = "cannot be opened";
    apr_pool_create(&parms.pool, server->pool);
    apr_pool_create(&parms.temp_pool, server->pool);
    parms.err_directive = NULL;
    if (ap_pcfg_openfile(&parms.config_file, parms.temp_pool, path) == APR_SUCCESS) {
        error = ap_build_config(&parms, parms.pool, parms.temp_pool, &tree);
        ap_cfg_closefile(parms.config_file);
    }
    print_tree(tree, 0);
    int line = parms.err_directive ? parms.err_directive->line_num : 0;
    if (error) print_record("refused", 0, line, path, "", error);
    print_record("end", 0, 0, path, "", "");
    apr_pool_destroy(parms.temp_pool);
    apr_pool_destroy(parms.pool);
}

static const char *read_files(cmd_parms *parms, void *unused, const char *list) {
    char path[4096];
    FILE *paths = fopen(list, "r");
    if (!paths) return "the list cannot be opened";
    carry_nothing_out();
    while (fgets(path, sizeof path, paths)) {
        path[strcspn(path, "\n")] = 0;
        read_one(parms, path);
    }
    fflush(stdout);
    _exit(0);
}

static const char *print_server(cmd_parms *parms, void *unused, int on) {
    whole = on;
    return NULL;
}

/* Runs when everything is read and nothing is judged. */
static int leave_with_the_tree(apr_pool_t *pool, apr_pool_t *log, apr_pool_t *temporary) {
    if (!whole) return OK;
    print_tree(ap_conftree, 0);
    fflush(stdout);
    _exit(0);
}

static const command_rec commands[] = {
    AP_INIT_TAKE1("TreedumpFiles", read_files, NULL, RSRC_CONF | EXEC_ON_READ, "a list of files"),
    AP_INIT_FLAG("TreedumpServer", print_server, NULL, RSRC_CONF | EXEC_ON_READ, "On or Off"),
    {NULL},
};

static void register_hooks(apr_pool_t *pool) {
    ap_hook_pre_config(leave_with_the_tree, NULL, NULL, APR_HOOK_REALLY_FIRST);
}

AP_DECLARE_MODULE(treedump) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, commands, register_hooks,
};
